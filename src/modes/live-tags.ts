import type { PruneSettings } from '../action/prune-settings.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings } from '../action/settings.ts'
import { USER_AGENT } from '../compose.ts'
import type { Session } from '../compose.ts'
import { WardenError } from '../domain/errors.ts'
import type { EventContext } from '../domain/event.ts'
import { expandRefs } from '../domain/prune/protect-refs.ts'
import { readLiveRefs } from '../github/live-refs.ts'
import { createGitHubRequests } from '../github/requests.ts'
import type { PruneRequest } from '../usecases/prune/prune.ts'

/**
 * Makes the function that reads what is alive on GitHub and protects; undefined where nothing is asked for.
 * @throws WardenError of kind `input` where GitHub cannot be asked
 */
export function openLiveTags(
  { githubToken: token }: CommonSettings,
  { protectRefs }: PruneSettings,
  session: Session,
  { repository }: EventContext,
  runner: Runner,
): PruneRequest['liveTags'] {
  if (protectRefs.length === 0) return undefined
  if (token === '' || repository === null) {
    const missing = token === '' ? 'github-token is empty' : 'GITHUB_REPOSITORY is not set'
    throw new WardenError(
      'input',
      `input protect-refs: ${missing}, so GitHub cannot be asked what is alive`,
      {
        advice:
          'Leave github-token at its default, and give the job "permissions: pull-requests: read, contents: read"',
      },
    )
  }
  runner.mask(token)
  const ask = createGitHubRequests({
    send: session.github,
    apiUrl: runner.env['GITHUB_API_URL'] || 'https://api.github.com',
    token,
    repository,
    userAgent: USER_AGENT,
    log: runner.log,
    clock: session.clock,
  })
  const lists = new Set(protectRefs.map(({ list }) => list))
  return async () => expandRefs(protectRefs, await readLiveRefs(ask, lists))
}
