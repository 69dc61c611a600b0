import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../src/wire/event.ts'
import {
  BASE_SHA,
  RUNNER,
  contextOf,
  mergeGroupPayload,
  pullRequestPayload,
  workflowRunPayload,
} from '../github/events.ts'
import { FORK, SHA } from '../github/fixtures.ts'

const NOTHING = { pullRequest: null, mergeGroup: null, workflowRun: null, warnings: [] }

describe('parseEvent', () => {
  it.each(['pull_request', 'pull_request_target', 'pull_request_review'])('reads %s', (event) => {
    expect(contextOf(event, pullRequestPayload('acme/api', ['size-ok', 'bug']))).toEqual({
      event,
      repository: { owner: 'acme', name: 'api' },
      sha: 'c'.repeat(40),
      runUrl: 'https://github.test/acme/api/actions/runs/4711',
      pullRequest: {
        number: 7,
        action: 'synchronize',
        headSha: SHA,
        headBranch: 'feature/x',
        headRepository: 'acme/api',
        baseSha: BASE_SHA,
        baseRef: 'main',
        labels: ['size-ok', 'bug'],
        isFork: false,
        isRestricted: false,
      },
      mergeGroup: null,
      workflowRun: null,
      warnings: [],
    })
  })

  it('knows a fork, also one that is deleted, and Dependabot', () => {
    const restricted = (repository: string | null, actor = 'alice') => {
      const { pullRequest } = contextOf('pull_request', pullRequestPayload(repository), {
        GITHUB_ACTOR: actor,
      })
      return [pullRequest?.isFork, pullRequest?.isRestricted]
    }
    expect(restricted('acme/api')).toEqual([false, false])
    expect(restricted(FORK)).toEqual([true, true])
    expect(restricted(null)).toEqual([true, true])
    expect(restricted('acme/api', 'dependabot[bot]')).toEqual([false, true])
  })

  it('reads a merge group, and the pull request in the name of its branch', () => {
    const group = { headSha: SHA, baseSha: BASE_SHA, baseRef: 'main', pullRequestNumber: 7 }
    expect(contextOf('merge_group', mergeGroupPayload())).toMatchObject({ ...NOTHING, mergeGroup: group })
    const other = contextOf('merge_group', mergeGroupPayload('refs/heads/gh-readonly-queue/main/else'))
    expect(other.mergeGroup).toEqual({ ...group, pullRequestNumber: null })
  })

  it('reads the run that a workflow_run follows', () => {
    expect(contextOf('workflow_run', workflowRunPayload(FORK)).workflowRun).toEqual({
      headSha: SHA,
      headBranch: 'feature/x',
      headRepository: FORK,
    })
    expect(contextOf('workflow_run', workflowRunPayload(null)).workflowRun?.headRepository).toBeNull()
  })

  it.each(['push', 'schedule', 'workflow_dispatch', 'release', 'issue_comment', ''])(
    'has no pull request for %j, and reads no payload for it',
    (event) => {
      expect(contextOf(event, 'not JSON')).toMatchObject({ event, ...NOTHING })
    },
  )

  it('knows little outside a runner', () => {
    expect(parseEvent({}, null)).toEqual({ event: '', repository: null, sha: null, runUrl: null, ...NOTHING })
  })

  const broken = (change: object): unknown => {
    const payload = pullRequestPayload()
    return { ...payload, pull_request: { ...payload.pull_request, ...change } }
  }

  it.each<[what: string, payload: unknown]>([
    ['no JSON', '{"pull_request":'],
    ['a list', []],
    ['null', null],
    ['no pull request', { number: 7 }],
    ['a number as text', broken({ number: '7' })],
    ['no number', broken({ number: 0 })],
    ['half a number', broken({ number: 7.5 })],
    ['no head', broken({ head: null })],
    ['a head that is no commit', broken({ head: { sha: '../../user', ref: 'x', repo: null } })],
    ['a base without a name', broken({ base: { sha: BASE_SHA, ref: '' } })],
    [
      'a repository that is a path',
      broken({ head: { sha: SHA, ref: 'x', repo: { full_name: '../../..' } } }),
    ],
    ['labels that are no list', broken({ labels: 'size-ok' })],
  ])('goes on as without a pull request, with a warning: %s', (_, payload) => {
    const context = contextOf('pull_request', payload)
    expect(context).toMatchObject({ ...NOTHING, warnings: [expect.any(String)] })
    expect(context.warnings[0]).toMatch(
      /^pull_request: the payload of the event .*; going on as without a pull request$/,
    )
  })

  it('warns when the payload is missing', () => {
    expect(parseEvent({ ...RUNNER, GITHUB_EVENT_NAME: 'merge_group' }, null).warnings).toEqual([
      'merge_group: the payload of the event is missing; going on as without a pull request',
    ])
  })

  it('takes no repository that would change a path', () => {
    for (const name of ['acme', 'acme/api/x', '../api?', 'acme/a b', '']) {
      expect(parseEvent({ ...RUNNER, GITHUB_REPOSITORY: name }, null).repository).toBeNull()
    }
  })
})
