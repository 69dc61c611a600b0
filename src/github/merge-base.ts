import { WardenError } from '../domain/errors.ts'
import type { EventContext } from '../domain/event.ts'
import type { Log } from '../domain/ports.ts'
import type { GitHubApi } from './api.ts'

/** What a change is to be compared with: fills the placeholders of `baseline`. */
export interface PullRequestFacts {
  /** the commit where the change left its target branch; null when GitHub could not say */
  readonly mergeBase: () => Promise<string | null>
  readonly baseSha: string
  /** name of the target branch */
  readonly baseRef: string
}

/**
 * The facts of a pull request or merge group; null for every other event. The merge base is asked for once, and against
 * the branch as it is now: `base.sha` of the payload may be older than what the head has merged since, which would
 * blame the change for the growth of its target.
 * @param api null when there is no token
 */
export function pullRequestFacts(
  event: EventContext,
  api: Pick<GitHubApi, 'mergeBase'> | null,
  log: Log,
): PullRequestFacts | null {
  const change = event.pullRequest ?? event.mergeGroup
  if (change === null) return null
  const { baseSha, baseRef, headSha } = change
  const ask = async (): Promise<string | null> => {
    if (api === null) {
      log.warning('{merge-base} is unknown: github-token is empty')
      return null
    }
    try {
      return await mergeBaseOf(api, [baseRef, baseSha], headSha)
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      log.warning(`{merge-base} is unknown: ${error.line}`)
      return null
    }
  }
  let answer: Promise<string | null> | null = null
  return { baseSha, baseRef, mergeBase: () => (answer ??= ask()) }
}

/** The first base that exists: a target branch may be gone by the time of a re-run. */
async function mergeBaseOf(
  api: Pick<GitHubApi, 'mergeBase'>,
  bases: readonly [string, string],
  head: string,
): Promise<string> {
  try {
    return await api.mergeBase(bases[0], head)
  } catch (error) {
    if (!(error instanceof WardenError) || error.kind !== 'not-found') throw error
    return await api.mergeBase(bases[1], head)
  }
}
