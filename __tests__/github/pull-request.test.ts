import { describe, expect, it } from 'vitest'
import { findPullRequest, hasLabel, readLabels } from '../../src/github/pull-request.ts'
import type { StoredPullRequest } from '../support/github-api.ts'
import { contextOf, mergeGroupPayload, pullRequestPayload, workflowRunPayload } from './events.ts'
import { FORK, SHA, stage } from './fixtures.ts'
import type { Stage } from './fixtures.ts'

const REPOSITORY = { owner: 'acme', name: 'api' }

function pull(number: number, changes: Partial<StoredPullRequest> = {}): StoredPullRequest {
  return { number, state: 'open', headSha: SHA, headBranch: 'feature/x', headRepository: FORK, ...changes }
}

async function find({ api, log }: Stage, headRepository: string | null = FORK): Promise<number | null> {
  const { workflowRun } = contextOf('workflow_run', workflowRunPayload(headRepository))
  if (workflowRun === null) throw new Error('the payload is right')
  return await findPullRequest(api, REPOSITORY, workflowRun, log)
}

describe('findPullRequest', () => {
  it('finds the one of a fork by owner:branch and commit', async () => {
    const s = await stage()
    s.server.pullRequests.push(
      pull(3, { headSha: '2'.repeat(40) }),
      pull(5),
      pull(6, { headRepository: 'eve/api' }),
    )
    expect(await find(s)).toBe(5)
    expect(s.server.log[0]).toBe(
      'GET /repos/acme/api/pulls?head=mallory%3Afeature%2Fx&state=open&per_page=100&page=1 200',
    )
    expect(s.log.lines).toEqual([])
  })

  it('finds it only by the commit when the fork is deleted', async () => {
    const s = await stage()
    s.server.pullRequests.push(pull(5, { headRepository: null }), pull(6))
    expect(await find(s, null)).toBe(5)
    expect(s.server.log).toHaveLength(1)
  })

  it('takes the oldest of several to different branches', async () => {
    const s = await stage()
    s.server.pullRequests.push(pull(9), pull(8))
    expect(await find(s)).toBe(8)
  })

  it.each<[what: string, changes: Partial<StoredPullRequest>]>([
    ['is closed', { state: 'closed' }],
    ['has moved on', { headSha: '2'.repeat(40) }],
    ['is of another fork', { headRepository: 'eve/api' }],
    ['is of another repository of the same owner', { headRepository: 'mallory/other' }],
  ])('finds none that %s, and says so', async (_, changes) => {
    const s = await stage()
    s.server.pullRequests.push(pull(5, changes))
    expect(await find(s)).toBeNull()
    expect(s.log.lines).toEqual([
      `notice: No comment: no open pull request has its head at ${SHA} (feature/x); it was closed, or has moved on`,
    ])
  })

  it('warns when GitHub refuses to say', async () => {
    const s = await stage({ intercept: () => ({ status: 403, body: { message: 'Forbidden' } }) })
    expect(await find(s)).toBeNull()
    expect(s.log.lines).toEqual([
      expect.stringMatching(/^warning: GitHub: list pull requests from .* \(HTTP 403\)\. No comment/),
    ])
  })
})

describe('readLabels', () => {
  it('asks for those of now, over all pages', async () => {
    const s = await stage()
    const labels = Array.from({ length: 120 }, (_, n) => `label ${n}`)
    s.server.labels.set(7, labels)
    expect(
      await readLabels(s.api, contextOf('pull_request', pullRequestPayload('acme/api', ['old'])), s.log),
    ).toEqual(labels)
  })

  it('takes those of the event when it may not ask', async () => {
    const s = await stage()
    expect(
      await readLabels(s.api, contextOf('pull_request', pullRequestPayload(FORK, ['old'])), s.log),
    ).toEqual(['old'])
    expect(s.log.lines).toEqual([
      expect.stringMatching(/^warning: .*HTTP 404.* The labels are taken from the event/),
    ])
  })

  it('asks for those of the pull request that waits in a merge queue', async () => {
    const s = await stage()
    s.server.labels.set(7, ['size-ok'])
    expect(await readLabels(s.api, contextOf('merge_group', mergeGroupPayload()), s.log)).toEqual(['size-ok'])
  })

  it('asks nothing for other events', async () => {
    const s = await stage()
    expect(await readLabels(s.api, contextOf('push', {}), s.log)).toEqual([])
    expect(s.server.log).toEqual([])
  })
})

describe('hasLabel', () => {
  it('compares whole names, in any case', () => {
    expect(hasLabel(['bug', 'Size-OK'], 'size-ok')).toBe(true)
    expect(hasLabel(['size-ok-not'], 'size-ok')).toBe(false)
    expect(hasLabel([], '')).toBe(false)
  })
})
