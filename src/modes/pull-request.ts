import type { Runner } from '../action/runner.ts'
import type { CommentSettings, CommonSettings } from '../action/settings.ts'
import type { EventContext } from '../domain/event.ts'
import type { PullRequestFacts } from '../domain/growth/pull-request-facts.ts'
import { createGitHubApi } from '../github/api.ts'
import type { GitHubApi } from '../github/api.ts'
import { upsertComment } from '../github/comment.ts'
import { readEvent } from '../github/event-file.ts'
import { pullRequestFacts } from '../github/merge-base.ts'
import { findPullRequest, hasLabel, readLabels } from '../github/pull-request.ts'
import { renderComment } from '../report/comment/body.ts'
import { commentSituation } from '../report/comment/situation.ts'
import type { SizeView } from '../report/size/view.ts'
import { systemClock, USER_AGENT } from '../compose.ts'
import type { Session } from '../compose.ts'

/**
 * The pull request, merge group or other event that this run is about, and what GitHub can be asked about it.
 */
export interface Change {
  readonly facts: PullRequestFacts
  /** whether a label could be set and would be read: a pull request, and a token to ask with */
  readonly takesLabels: boolean
  readonly hasLabel: (label: string) => Promise<boolean>
  /** Writes, rewrites or resolves the comment; null, and said in the log, where there is none to write. */
  readonly comment: (view: SizeView, settings: CommentSettings) => Promise<string | null>
}

/** Reads the event, and warns where it cannot; GitHub is asked only when something of it is needed. */
export async function openChange(
  common: CommonSettings,
  github: Session['github'],
  runner: Runner,
): Promise<Change> {
  const { log } = runner
  const event = await readEvent(runner.env)
  for (const warning of event.warnings) log.warning(warning)
  const api = openApi(common, github, event, runner)
  return {
    facts: pullRequestFacts(event, api, runner.env['GITEA_ACTIONS'] === 'true' ? log.notice : null),
    takesLabels: api !== null && event.pullRequest !== null,
    hasLabel: async (label) => api !== null && hasLabel(await readLabels(api, event, log), label),
    comment: async (view, { policy, key }) => {
      if (policy === 'never') return null
      const pullRequest = await commentedOn(event, api, runner)
      if (pullRequest === null || api === null) return null
      const { number, isRestricted } = pullRequest
      const commit = event.pullRequest?.headSha ?? event.workflowRun?.headSha ?? event.sha
      const bodies = renderComment(view, { runUrl: runner.runUrl, commit })
      const situation = commentSituation(view.report)
      const outcome = await upsertComment(
        api,
        { pullRequest: number, isRestricted, key, policy, situation, bodies },
        log,
      )
      log.debug(`comment: ${outcome.kind}, ${outcome.reason}`)
      return outcome.url
    },
  }
}

function openApi(
  { githubToken: token }: CommonSettings,
  send: Session['github'],
  event: EventContext,
  runner: Runner,
): GitHubApi | null {
  if (token === '' || event.repository === null) return null
  runner.mask(token)
  return createGitHubApi({
    send,
    apiUrl: runner.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    token,
    repository: event.repository,
    userAgent: USER_AGENT,
    log: runner.log,
    clock: systemClock,
  })
}

async function commentedOn(
  { pullRequest, workflowRun, repository }: EventContext,
  api: GitHubApi | null,
  { log }: Runner,
): Promise<{ readonly number: number; readonly isRestricted: boolean } | null> {
  if (pullRequest === null && workflowRun === null) return null
  if (api === null) {
    log.notice(
      'The pull request is not commented on: github-token is empty; the whole report is in the job summary, or in the log where there is none',
    )
    return null
  }
  if (pullRequest !== null) return pullRequest
  if (workflowRun === null || repository === null) return null
  const number = await findPullRequest(api, repository, workflowRun, log)
  return number === null ? null : { number, isRestricted: false }
}
