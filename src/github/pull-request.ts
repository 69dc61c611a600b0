import { WardenError } from '../domain/errors.ts'
import type { EventContext, RepositoryName, WorkflowRun } from '../domain/event.ts'
import type { Log } from '../domain/ports.ts'
import { sanitiseLine } from '../domain/text.ts'
import type { ListedPullRequest } from '../wire/github-answers.ts'
import type { GitHubApi } from './api.ts'

type LookupApi = Pick<GitHubApi, 'pullRequestsFrom' | 'pullRequestsWith'>

/**
 * The pull request that an earlier run was for. `workflow_run.pull_requests` is empty for forks, and nothing
 * that the earlier job wrote is believed, so GitHub is asked: open, in this repository, its head at the very
 * commit of that run. With several (one branch, several targets) the oldest.
 * @returns its number; null, with a notice, when there is none
 */
export async function findPullRequest(
  api: LookupApi,
  repository: RepositoryName,
  run: WorkflowRun,
  log: Log,
): Promise<number | null> {
  try {
    const numbers = [...(await byBranch(api, run)), ...(await byCommit(api, run))]
      .filter((candidate) => belongs(candidate, repository, run))
      .map(({ number }) => number)
    if (numbers.length > 0) return Math.min(...numbers)
    const branch = sanitiseLine(run.headBranch ?? 'no branch', 100)
    log.notice(
      `No comment: no open pull request has its head at ${run.headSha} (${branch}); it was closed, or has moved on`,
    )
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    log.warning(`${error.line}. No comment: the pull request could not be found`)
  }
  return null
}

async function byBranch(api: LookupApi, run: WorkflowRun): Promise<readonly ListedPullRequest[]> {
  const owner = run.headRepository?.split('/')[0]
  // without an owner GitHub ignores the filter, and lists every pull request
  return owner === undefined || run.headBranch === null
    ? []
    : await api.pullRequestsFrom(`${owner}:${run.headBranch}`)
}

async function byCommit(api: LookupApi, run: WorkflowRun): Promise<readonly ListedPullRequest[]> {
  try {
    return await api.pullRequestsWith(run.headSha)
  } catch (error) {
    // a commit of a fork may be unknown here
    const unknown = error instanceof WardenError && ['not-found', 'protocol'].includes(error.kind)
    if (unknown) return []
    throw error
  }
}

function belongs(candidate: ListedPullRequest, repository: RepositoryName, run: WorkflowRun): boolean {
  return (
    candidate.open &&
    candidate.headSha === run.headSha &&
    candidate.headRepository === run.headRepository &&
    candidate.baseRepository.toLowerCase() === `${repository.owner}/${repository.name}`.toLowerCase()
  )
}

/**
 * The labels that the pull request has now. The payload's are those of the moment when the event happened,
 * and stay so in a re-run, which is just what people start after they have set `override-label`.
 */
export async function readLabels(
  api: Pick<GitHubApi, 'labels'>,
  { pullRequest, mergeGroup }: EventContext,
  log: Log,
): Promise<readonly string[]> {
  const number = pullRequest?.number ?? mergeGroup?.pullRequestNumber ?? null
  if (number === null) return []
  try {
    return await api.labels(number)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    log.warning(`${error.line}. The labels are taken from the event, which may be older`)
    return pullRequest?.labels ?? []
  }
}

/** Label names are one name whatever their case, as on GitHub. */
export function hasLabel(labels: readonly string[], wanted: string): boolean {
  return labels.some((label) => label.toLowerCase() === wanted.toLowerCase())
}
