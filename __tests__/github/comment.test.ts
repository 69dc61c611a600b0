import { describe, expect, it } from 'vitest'
import { parseCommentKey } from '../../src/domain/comment/marker.ts'
import { upsertComment } from '../../src/github/comment.ts'
import { BOT, MARKER, QUIET, commentRequest, stage } from './fixtures.ts'
import type { Stage } from './fixtures.ts'

const writes = ({ server }: Stage): string[] =>
  server.log.filter((line) => /^(POST \/repos|PATCH|DELETE)/.test(line))
const bodies = ({ server }: Stage): string[] => server.comments.map(({ body }) => body)

describe('upsertComment', () => {
  it('creates one comment, with the marker as its first line, and returns its address', async () => {
    const s = await stage()
    const outcome = await upsertComment(s.api, commentRequest(), s.log)
    expect(bodies(s)).toEqual([`${MARKER}\ntoo big`])
    expect(outcome).toEqual({
      kind: 'create',
      url: 'https://github.test/acme/api/pull/7#issuecomment-1001',
      reason: 'a limit is exceeded',
    })
  })

  it('updates it in place, and writes nothing when it says the same', async () => {
    const s = await stage()
    const footer = (run: number): string => `<sub>registry-warden · run ${run}</sub>`
    const request = (text: string, run: number) =>
      commentRequest({ bodies: { current: `${text}\n\n${footer(run)}`, resolved: 'fine' } })
    await upsertComment(s.api, request('one', 1), s.log)
    expect(await upsertComment(s.api, request('one', 2), s.log)).toMatchObject({
      kind: 'nothing',
      url: expect.stringContaining('1001'),
    })
    expect(await upsertComment(s.api, request('two', 3), s.log)).toMatchObject({ kind: 'update' })
    expect(bodies(s)).toEqual([`${MARKER}\ntwo\n\n${footer(3)}`])
    expect(writes(s)).toEqual([
      'POST /repos/acme/api/issues/7/comments 201',
      'PATCH /repos/acme/api/issues/comments/1001 200',
    ])
  })

  it('turns it into resolved, once, and takes it up again', async () => {
    const s = await stage()
    const fine = commentRequest({ situation: QUIET })
    await upsertComment(s.api, commentRequest(), s.log)
    expect(await upsertComment(s.api, fine, s.log)).toMatchObject({
      kind: 'resolve',
      reason: 'no limit is exceeded',
    })
    expect(bodies(s)).toEqual([`${MARKER}\nfine again`])
    expect(await upsertComment(s.api, fine, s.log)).toMatchObject({ kind: 'nothing' })
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'update' })
    expect(bodies(s)).toEqual([`${MARKER}\ntoo big`])
  })

  it('says nothing where there is nothing to say, and asks nothing at all for never', async () => {
    const s = await stage()
    expect(await upsertComment(s.api, commentRequest({ situation: QUIET }), s.log)).toMatchObject({
      kind: 'nothing',
      url: null,
    })
    expect(writes(s)).toEqual([])
    s.server.log.length = 0
    await upsertComment(s.api, commentRequest({ policy: 'never' }), s.log)
    expect(s.server.log).toEqual([])
  })

  it('finds its own among hundreds', async () => {
    const s = await stage()
    for (let n = 0; n < 230; n += 1) s.server.addComment(7, 'alice', `chat ${n}`)
    s.server.addComment(7, BOT, `${MARKER}\nbefore`)
    for (let n = 0; n < 30; n += 1) s.server.addComment(7, 'bob', `more chat ${n}`)
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'update' })
    expect(bodies(s).filter((body) => body.startsWith(MARKER))).toEqual([`${MARKER}\ntoo big`])
    expect(s.server.log.filter((line) => line.startsWith('GET'))).toEqual([
      'GET /repos/acme/api/issues/7/comments?per_page=100&page=1 200',
      'GET /repos/acme/api/issues/7/comments?per_page=100&page=2 200',
      'GET /repos/acme/api/issues/7/comments?per_page=100&page=3 200',
    ])
  })

  it('leaves a comment alone that carries the marker of ours but is somebody else’s', async () => {
    const s = await stage()
    s.server.addComment(7, 'mallory', `${MARKER}\nplease edit me`)
    s.server.addComment(7, null, `${MARKER}\nghost`)
    s.server.addComment(7, BOT, `Quoting:\n${MARKER}`)
    s.server.addComment(8, BOT, `${MARKER}\nof another pull request`)
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'create' })
    expect(bodies(s)).toEqual([
      `${MARKER}\nplease edit me`,
      `${MARKER}\nghost`,
      `Quoting:\n${MARKER}`,
      `${MARKER}\nof another pull request`,
      `${MARKER}\ntoo big`,
    ])
  })

  it('keeps one comment for each key', async () => {
    const s = await stage()
    await upsertComment(s.api, commentRequest({ key: parseCommentKey('api') }), s.log)
    await upsertComment(s.api, commentRequest({ key: parseCommentKey('worker') }), s.log)
    await upsertComment(s.api, commentRequest({ key: parseCommentKey('api'), situation: QUIET }), s.log)
    expect(bodies(s)).toEqual([
      '<!-- registry-warden:size:api -->\nfine again',
      '<!-- registry-warden:size:worker -->\ntoo big',
    ])
  })

  it('keeps the oldest of its own and deletes what a race has left', async () => {
    const s = await stage()
    for (const body of ['first', 'second', 'third']) s.server.addComment(7, BOT, `${MARKER}\n${body}`)
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'update' })
    expect(s.server.comments).toEqual([{ id: 1001, issue: 7, login: BOT, body: `${MARKER}\ntoo big` }])
  })

  it.each([
    ['app', 'size[bot]'],
    ['user', 'alice'],
  ] as const)('knows itself with the token of an %s', async (tokenKind, login) => {
    const s = await stage({ tokenKind })
    s.server.addComment(7, BOT, `${MARKER}\nnot mine`)
    s.server.addComment(7, login, `${MARKER}\nmine`)
    await upsertComment(s.api, commentRequest(), s.log)
    expect(bodies(s)).toEqual([`${MARKER}\nnot mine`, `${MARKER}\ntoo big`])
  })

  it.each([
    ['actions', BOT],
    ['user', 'alice'],
  ] as const)('knows itself without GraphQL with the token of %s', async (tokenKind, login) => {
    const s = await stage({ tokenKind, withoutGraphql: true })
    s.server.addComment(7, login, `${MARKER}\nmine`)
    await upsertComment(s.api, commentRequest(), s.log)
    expect(bodies(s)).toEqual([`${MARKER}\ntoo big`])
  })

  it('makes one comment, though the answer to its creation was lost', async () => {
    const s = await stage({
      intercept: ({ method, path, number }) =>
        method === 'POST' && path.endsWith('/comments') && number < 5 ? 'hang-up-after' : null,
    })
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({
      kind: 'create',
      url: expect.any(String),
    })
    expect(bodies(s)).toEqual([`${MARKER}\ntoo big`])
  })

  it('creates it on the second try when the first was never carried out', async () => {
    let failures = 0
    const s = await stage({
      intercept: ({ method, path }) =>
        method === 'POST' && path.endsWith('/comments') && failures++ === 0 ? { status: 502 } : null,
    })
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'create' })
    expect(bodies(s)).toEqual([`${MARKER}\ntoo big`])
  })

  it('talks to GitHub Enterprise, whose API has a path', async () => {
    const s = await stage({ path: '/api/v3' })
    await upsertComment(s.api, commentRequest(), s.log)
    expect(s.server.log).toEqual([
      'GET /repos/acme/api/issues/7/comments?per_page=100&page=1 200',
      'POST /graphql 200',
      'POST /repos/acme/api/issues/7/comments 201',
    ])
  })
})

describe('a comment that GitHub refuses is not a failure', () => {
  it('says with one notice where the report is, for a token that only reads', async () => {
    const s = await stage({ comments: 'read' })
    const outcome = await upsertComment(s.api, commentRequest({ isRestricted: true }), s.log)
    expect(outcome).toMatchObject({
      kind: 'failed',
      url: null,
      reason: expect.stringContaining('Resource not accessible'),
    })
    expect(s.log.lines).toEqual([
      'notice: Pull request #7 is not commented on: GitHub gives pull requests of forks and of Dependabot a token that only reads. The whole report is in the job summary, or in the log where there is none; mode: report in a workflow_run workflow can comment',
    ])
  })

  it('says nothing for such a token when there was nothing to write', async () => {
    const s = await stage({ comments: 'read' })
    await upsertComment(s.api, commentRequest({ isRestricted: true, situation: QUIET }), s.log)
    expect(s.log.lines).toEqual([])
  })

  it.each(['read', 'none'] as const)(
    'names the permission that a workflow of ours lacks (%s)',
    async (comments) => {
      const s = await stage({ comments })
      await upsertComment(s.api, commentRequest(), s.log)
      expect(s.log.lines).toHaveLength(1)
      expect(s.log.lines[0]).toMatch(
        /^warning: GitHub: .*: Resource not accessible by integration \(HTTP 403\)\. .*pull-requests: write/,
      )
    },
  )

  it('warns when the body is too long', async () => {
    const s = await stage()
    const request = commentRequest({ bodies: { current: 'x'.repeat(65_537), resolved: '' } })
    expect(await upsertComment(s.api, request, s.log)).toMatchObject({ kind: 'failed' })
    expect(s.log.lines).toEqual([
      'warning: GitHub: create the comment: Validation Failed: body is too long (maximum is 65536 characters) (HTTP 422). The pull request is not commented on; the whole report is in the job summary, or in the log where there is none',
    ])
  })

  it('warns when the token is not valid, and names no part of it', async () => {
    const s = await stage({ token: 'ghs_right' }, { token: 'ghs_wrong' })
    await upsertComment(s.api, commentRequest(), s.log)
    expect(s.log.lines).toHaveLength(1)
    expect(s.log.lines[0]).toMatch(/^warning: GitHub: list comments: Bad credentials \(HTTP 401\)/)
    expect(s.log.lines[0]).not.toContain('ghs_')
  })

  it('creates nothing when it could not see every page', async () => {
    const s = await stage({
      intercept: ({ query }) => (query.get('page') === '2' ? { status: 200, body: '<html>' } : null),
    })
    for (let n = 0; n < 150; n += 1) s.server.addComment(7, 'alice', `chat ${n}`)
    expect(await upsertComment(s.api, commentRequest(), s.log)).toMatchObject({ kind: 'failed' })
    expect(writes(s)).toEqual([])
  })
})
