import type { Workflow } from './workflow-document.ts'
import type { Context } from './workflow-expressions.ts'
import type { WorkflowEvent } from './workflow-job.ts'
import { runWorkflow, type RunOptions, type WorkflowRun } from './workflow-runner.ts'
import { REPOSITORY, type Commit, type World } from './workflow-world.ts'

const MAIN = 'refs/heads/main'
const TAGS = 'refs/tags/'
const MEMBER = 'octocat'
/** Its branches are the repository's own; its runs have the rights of a fork. */
export const DEPENDABOT = 'dependabot[bot]'

/** A push to main, after which the commit is there. */
export function pushToMain(world: World, sha: string, commit: Commit): WorkflowEvent {
  world.commits.set(sha, commit)
  return { ...onMain('push', sha), payload: { ...repositoryPayload, ref: MAIN, after: sha } }
}

/** A push of a tag, which points to a commit that is there. */
export function pushOfTag(world: World, tag: string, sha: string, commit: Commit): WorkflowEvent {
  world.commits.set(sha, commit)
  const ref = `${TAGS}${tag}`
  return {
    ...onMain('push', sha),
    branch: null,
    ref,
    payload: { ...repositoryPayload, ref, after: sha },
  }
}

/** The default branch as it is, at night or by hand. */
export function onSchedule(world: World, sha: string, commit: Commit): WorkflowEvent {
  world.commits.set(sha, commit)
  return onMain('schedule', sha)
}

export function byHand(sha: string, inputs: Readonly<Record<string, string>> = {}): WorkflowEvent {
  return { ...onMain('workflow_dispatch', sha), payload: { ...repositoryPayload, inputs } }
}

export interface PullRequestState {
  readonly number: number
  /** where the branch lives; default the repository itself */
  readonly headRepository?: string
  /** who opened it or pushed to it; default who may push to where the branch lives */
  readonly actor?: string
  readonly headBranch: string
  readonly headSha: string
  /** what the head builds */
  readonly commit: Commit
  /** `base.sha` of the event, and where the histories part */
  readonly baseSha: string
}

/**
 * A pull request to main that was opened or pushed to. What GitHub would check out is its merge with main.
 */
export function pullRequest(world: World, state: PullRequestState): WorkflowEvent {
  const { number, headSha, headBranch, baseSha, commit } = state
  const headRepository = state.headRepository ?? REPOSITORY
  const mergeSha = headSha.replaceAll(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
  world.commits.set(headSha, commit)
  world.commits.set(mergeSha, { files: { 'MERGED.md': 'not what the pull request changes' } })
  world.github.mergeBases.set(`main...${headSha}`, baseSha)
  const known = world.github.pullRequests.findIndex((each) => each.number === number)
  if (known >= 0) world.github.pullRequests.splice(known, 1)
  world.github.pullRequests.push({ number, state: 'open', headSha, headBranch, headRepository })
  const isFork = headRepository !== REPOSITORY
  const actor = state.actor ?? (isFork ? 'mallory' : MEMBER)
  return {
    name: 'pull_request',
    type: known >= 0 ? 'synchronize' : 'opened',
    branch: 'main',
    ref: `refs/pull/${number}/merge`,
    sha: mergeSha,
    actor,
    isRestricted: isFork || actor === DEPENDABOT,
    follows: null,
    head: { sha: headSha, branch: headBranch, repository: headRepository },
    payload: {
      ...repositoryPayload,
      number,
      pull_request: {
        number,
        head: { sha: headSha, ref: headBranch, repo: { full_name: headRepository } },
        base: { sha: baseSha, ref: 'main', repo: { full_name: REPOSITORY } },
      },
    },
  }
}

/** The same pull request once it is closed, merged or not. */
export function closedPullRequest(world: World, state: PullRequestState): WorkflowEvent {
  const event = pullRequest(world, state)
  const at = world.github.pullRequests.findIndex(({ number }) => number === state.number)
  const [open] = world.github.pullRequests.splice(at, 1)
  if (open !== undefined) world.github.pullRequests.push({ ...open, state: 'closed' })
  return { ...event, type: 'closed', payload: { ...event.payload, action: 'closed' } }
}

/** Runs every workflow that the event starts, and then those that follow one of them. */
export async function deliver(
  world: World,
  workflows: Iterable<Workflow>,
  event: WorkflowEvent,
  options: RunOptions = {},
): Promise<WorkflowRun[]> {
  const all = [...workflows]
  const runs: WorkflowRun[] = []
  for (const workflow of all.filter((each) => isStartedBy(each, event))) {
    const run = await runWorkflow(workflow, event, world, options)
    const next =
      event.name === 'workflow_run' ? [] : await deliver(world, all, completed(world, run), options)
    runs.push(run, ...next)
  }
  return runs
}

function isStartedBy({ on }: Workflow, event: WorkflowEvent): boolean {
  if (!Object.hasOwn(on, event.name)) return false
  const filter = Object.entries(on).find(([name]) => name === event.name)?.[1]
  if (filter === null || filter === undefined || Array.isArray(filter)) return true
  const { branches, tags, types, workflows } = filter
  const tag = event.ref.startsWith(TAGS) ? event.ref.slice(TAGS.length) : null
  // a push of a tag starts what filters branches only where it filters tags as well
  if (
    tag === null ? branches === undefined && tags !== undefined : tags === undefined && branches !== undefined
  )
    return false
  return (
    (tag === null || tags === undefined || tag.startsWith('v')) &&
    (tag !== null || branches === undefined || (event.branch !== null && branches.includes(event.branch))) &&
    (types === undefined || (event.type !== null && types.includes(event.type))) &&
    (workflows === undefined || (event.follows !== null && workflows.includes(event.follows)))
  )
}

/** `workflow_run` runs on the default branch with its own rights, whoever started the run before. */
function completed(world: World, { id, workflow, event, conclusion }: WorkflowRun): WorkflowEvent {
  return {
    ...onMain('workflow_run', [...world.commits.keys()][0] ?? event.sha),
    type: 'completed',
    follows: workflow,
    payload: {
      ...repositoryPayload,
      action: 'completed',
      workflow_run: {
        id,
        name: workflow,
        event: event.name,
        conclusion,
        ...headOf(event),
        pull_requests: null,
      },
    },
  }
}

function headOf({ head, sha }: WorkflowEvent): Context {
  return {
    head_sha: head?.sha ?? sha,
    head_branch: head?.branch ?? 'main',
    head_repository: { full_name: head?.repository ?? REPOSITORY },
  }
}

const repositoryPayload: Context = { repository: { full_name: REPOSITORY } }

function onMain(name: WorkflowEvent['name'], sha: string): WorkflowEvent {
  return {
    name,
    type: null,
    branch: 'main',
    ref: MAIN,
    sha,
    actor: MEMBER,
    payload: repositoryPayload,
    isRestricted: false,
    follows: null,
    head: null,
  }
}
