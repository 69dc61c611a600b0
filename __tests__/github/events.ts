import { parseEvent } from '../../src/wire/event.ts'
import type { Environment } from '../../src/domain/environment.ts'
import type { EventContext } from '../../src/domain/event.ts'
import { SHA } from './fixtures.ts'

export const BASE_SHA = 'b'.repeat(40)
export const RUNNER: Environment = {
  GITHUB_REPOSITORY: 'acme/api',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_SERVER_URL: 'https://github.test',
  GITHUB_RUN_ID: '4711',
  GITHUB_ACTOR: 'alice',
}

/**
 * The parts of the payload of a `pull_request` that GitHub's documentation names, and some that nobody asks
 * for.
 */
export function pullRequestPayload(
  headRepository: string | null = 'acme/api',
  labels: readonly string[] = [],
) {
  return {
    action: 'synchronize',
    number: 7,
    repository: { full_name: 'acme/api', private: false },
    pull_request: {
      number: 7,
      state: 'open',
      body: null,
      labels: labels.map((name, id) => ({ id, name, color: 'ededed' })),
      head: {
        sha: SHA,
        ref: 'feature/x',
        repo: headRepository === null ? null : { full_name: headRepository, fork: true },
      },
      base: { sha: BASE_SHA, ref: 'main', repo: { full_name: 'acme/api' } },
    },
  }
}

export function mergeGroupPayload(headRef = `refs/heads/gh-readonly-queue/main/pr-7-${BASE_SHA}`) {
  return {
    action: 'checks_requested',
    merge_group: { head_sha: SHA, head_ref: headRef, base_sha: BASE_SHA, base_ref: 'refs/heads/main' },
  }
}

export function workflowRunPayload(headRepository: string | null = 'acme/api') {
  return {
    action: 'completed',
    workflow_run: {
      id: 1,
      event: 'pull_request',
      head_sha: SHA,
      head_branch: 'feature/x',
      head_repository: headRepository === null ? null : { full_name: headRepository },
      pull_requests: [],
    },
  }
}

export function contextOf(event: string, payload: unknown, env: Environment = {}): EventContext {
  return parseEvent(
    { ...RUNNER, ...env, GITHUB_EVENT_NAME: event },
    Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  )
}
