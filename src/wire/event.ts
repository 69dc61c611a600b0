import { z } from 'zod'

import type { Environment } from '../domain/environment.ts'
import type { EventContext, MergeGroup, PullRequest, RepositoryName, WorkflowRun } from '../domain/event.ts'
import { commitSha, pullRequestNumber, repositoryName } from './github-names.ts'
import { isObject, parseJsonObject, readAs } from './json.ts'

/** Largest payload that is read; GitHub itself sends none above 25 MB. */
export const MAX_EVENT_BYTES = 26 * 1024 * 1024

const ref = z.string().min(1).max(1024)
const repository = z.lazy(() => z.object({ full_name: repositoryName }).nullish())

const pullRequestSchema = z.lazy(() =>
  z.object({
    number: pullRequestNumber,
    head: z.object({ sha: commitSha, ref, repo: repository }),
    base: z.object({ sha: commitSha, ref }),
    // Gitea and Forgejo tell it, GitHub does not
    merge_base: commitSha.nullish().catch(null),
    labels: z
      .array(z.object({ name: z.string().max(1024) }))
      .max(1000)
      .nullish(),
  }),
)

const mergeGroupSchema = z.lazy(() =>
  z.object({
    head_sha: commitSha,
    head_ref: z.string().max(1024),
    base_sha: commitSha,
    base_ref: ref,
  }),
)

const workflowRunSchema = z.lazy(() =>
  z.object({
    head_sha: commitSha,
    head_branch: ref.nullish(),
    head_repository: repository,
  }),
)

/**
 * What the runner's variables and the event's payload say about this run. Nothing here is worth failing for:
 * what is missing or malformed is null, so that the run has a summary and no comment, and is named in
 * `warnings`.
 * @param payload the file at `GITHUB_EVENT_PATH`; null when there is none
 */
export function parseEvent(env: Environment, payload: Buffer | null): EventContext {
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const repository = parseRepositoryName(env['GITHUB_REPOSITORY'] ?? '')
  const context = {
    event,
    repository,
    sha: commitSha.safeParse(env['GITHUB_SHA']).data ?? null,
    runUrl: runUrl(env),
    pullRequest: null,
    mergeGroup: null,
    workflowRun: null,
    warnings: [],
  }
  if (!concerns(event)) return context
  try {
    if (payload === null) throw new Error('the payload of the event is missing')
    if (payload.length > MAX_EVENT_BYTES) throw new Error('the payload of the event is too large')
    return { ...context, ...readPayload(event, parseJsonObject(payload, PAYLOAD), env) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ...context, warnings: [`${event}: ${why}; going on as without a pull request`] }
  }
}

const PAYLOAD = 'the payload of the event'
type Payload = Readonly<Record<string, unknown>>

function concerns(event: string): boolean {
  return event.startsWith('pull_request') || event === 'merge_group' || event === 'workflow_run'
}

function readPayload(event: string, payload: Payload, env: Environment): Partial<EventContext> {
  if (event === 'merge_group') return { mergeGroup: readMergeGroup(payload) }
  if (event === 'workflow_run') return { workflowRun: readWorkflowRun(payload) }
  return { pullRequest: readPullRequest(payload, env) }
}

function readPullRequest(payload: Payload, env: Environment): PullRequest {
  const {
    number,
    head,
    base,
    labels,
    merge_base: mergeBase,
  } = readAs(z.object({ pull_request: pullRequestSchema }), payload, PAYLOAD).pull_request
  const own = isObject(payload['repository']) ? payload['repository']['full_name'] : undefined
  const headRepository = head.repo?.full_name ?? null
  const { action } = payload
  const isFork = headRepository === null || headRepository !== (own ?? env['GITHUB_REPOSITORY'])
  return {
    number,
    action: typeof action === 'string' ? action : null,
    headSha: head.sha,
    headBranch: head.ref,
    headRepository,
    baseSha: base.sha,
    baseRef: base.ref,
    ...(mergeBase ? { mergeBase } : {}),
    labels: (labels ?? []).map(({ name }) => name),
    isFork,
    // GitHub treats Dependabot's pull requests as those of a fork; the actor stays the same when a person
    // re-runs them
    isRestricted: isFork || env['GITHUB_ACTOR'] === 'dependabot[bot]',
  }
}

/** `refs/heads/gh-readonly-queue/main/pr-123-<sha>`, a branch that only GitHub can make. */
const QUEUED = /^refs\/heads\/gh-readonly-queue\/.{1,512}\/pr-(\d{1,9})-[0-9a-f]{40,64}$/

function readMergeGroup(payload: Payload): MergeGroup {
  const { merge_group: wire } = readAs(z.object({ merge_group: mergeGroupSchema }), payload, PAYLOAD)
  const number = QUEUED.exec(wire.head_ref)?.[1]
  return {
    headSha: wire.head_sha,
    baseSha: wire.base_sha,
    baseRef: wire.base_ref.replace(/^refs\/heads\//, ''),
    pullRequestNumber: number === undefined ? null : Number(number),
  }
}

function readWorkflowRun(payload: Payload): WorkflowRun {
  const { workflow_run: wire } = readAs(z.object({ workflow_run: workflowRunSchema }), payload, PAYLOAD)
  return {
    headSha: wire.head_sha,
    headBranch: wire.head_branch ?? null,
    headRepository: wire.head_repository?.full_name ?? null,
  }
}

function parseRepositoryName(text: string): RepositoryName | null {
  const [owner, name] = repositoryName.safeParse(text).data?.split('/') ?? []
  return owner === undefined || name === undefined ? null : { owner, name }
}

function runUrl(env: Environment): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null
}
