import { describe, expect, it } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import type { Answer, GitHubApiOptions } from '../support/github-api.ts'
import { NOW, SHA, stage } from './fixtures.ts'

/** Answers the first requests in their order, and the others honestly. */
function firstly(...answers: readonly Answer[]): GitHubApiOptions {
  return { intercept: ({ number }) => answers[number - 1] ?? null }
}

const limited = (status: number, headers: Record<string, string>, message = 'limited'): Answer => ({
  status,
  headers,
  body: { message },
})
const inSeconds = (seconds: number): string => String(NOW / 1000 + seconds)

async function errorOf(promise: Promise<unknown>): Promise<WardenError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof WardenError) return error
  throw new Error(`no WardenError: ${String(error)}`)
}

describe('waiting as GitHub says', () => {
  it.each<[what: string, answer: Answer, wait: number]>([
    ['a secondary limit with a time', limited(403, { 'retry-after': '7' }), 7_000],
    ['HTTP 429 with a time', limited(429, { 'retry-after': '2' }), 2_000],
    [
      'a secondary limit without a time',
      limited(403, {}, 'You have exceeded a secondary rate limit.'),
      60_000,
    ],
    ['HTTP 429 without a time', limited(429, {}), 60_000],
    [
      'a primary limit that ends soon',
      limited(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(20) }),
      21_000,
    ],
    [
      'a primary limit that has ended by now',
      limited(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(-5) }),
      1_000,
    ],
  ])('%s', async (_, answer, wait) => {
    const { api, server, waits, log } = await stage(firstly(answer))
    server.labels.set(7, ['size-ok'])
    expect(await api.labels(7)).toEqual(['size-ok'])
    expect(waits).toEqual([wait])
    expect(log.lines).toEqual([
      expect.stringMatching(/^(info|debug): GET http.*\/labels: HTTP 4\d\d, next try in \d+ ms$/),
    ])
  })

  it.each<[what: string, answer: Answer]>([
    ['an hour', limited(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3600) })],
    ['two minutes', limited(429, { 'retry-after': '120' })],
    [
      'no number',
      limited(429, {
        'retry-after': 'soon',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '9'.repeat(12),
      }),
    ],
  ])('does not wait for %s', async (_, answer) => {
    const { api, waits } = await stage(firstly(answer))
    const error = await errorOf(api.labels(7))
    expect(error.kind).toBe('rate-limit')
    expect(error.line).toMatch(/^GitHub: list labels: limited \(HTTP 4\d\d\)\. Run it again later/)
    expect(waits).toEqual([])
  })

  it('repeats the creation of a comment after a limit, for it was not carried out', async () => {
    const { api, server, waits } = await stage(firstly(limited(403, { 'retry-after': '1' })))
    await api.createComment(7, 'hello')
    expect(server.comments).toHaveLength(1)
    expect(waits).toEqual([1_000])
  })

  it('gives up in the end', async () => {
    const { api, server, waits } = await stage({ intercept: () => limited(429, { 'retry-after': '1' }) })
    expect((await errorOf(api.labels(7))).kind).toBe('rate-limit')
    expect(server.log).toHaveLength(5)
    expect(waits.slice(0, 4)).toEqual([1_000, 1_000, 1_000, 1_000])
  })
})

describe('repeating', () => {
  it('asks again after errors of the server and lost connections, a little later each time', async () => {
    const { api, server, waits } = await stage(
      firstly({ status: 502 }, 'hang-up', { status: 500, body: 'oops' }),
    )
    server.labels.set(7, [])
    expect(await api.labels(7)).toEqual([])
    expect(waits).toEqual([125, 250, 500])
  })

  it('does not repeat what may have been carried out', async () => {
    const { api, server, waits } = await stage(firstly('hang-up-after'))
    expect((await errorOf(api.createComment(7, 'hello'))).kind).toBe('network')
    expect(server.comments).toHaveLength(1)
    expect(waits).toEqual([])
  })

  it('does not repeat what is refused', async () => {
    const { api, waits } = await stage({ comments: 'read' })
    const error = await errorOf(api.createComment(7, 'hello'))
    expect([error.kind, error.message]).toEqual([
      'denied',
      'GitHub: create the comment: Resource not accessible by integration (HTTP 403)',
    ])
    expect(waits).toEqual([])
  })

  it('gives up on a server that does not answer', async () => {
    const { api, server, waits } = await stage(
      { delay: () => new Promise(() => undefined) },
      {},
      { limits: { idle: 20, maxTries: 2 } },
    )
    const error = await errorOf(api.labels(7))
    expect([error.kind, error.message]).toEqual([
      'deadline',
      `GitHub: list labels: ${server.host} stopped responding (STALLED, 2 tries)`,
    ])
    expect(waits).toEqual([125])
  })
})

describe('answers that are not answers', () => {
  it.each<[what: string, answer: Answer, kind: string]>([
    [
      'a page of a proxy',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      'protocol',
    ],
    ['half a document', { status: 200, body: '[{"name":' }, 'protocol'],
    ['another shape', { status: 200, body: { labels: [] } }, 'protocol'],
    ['labels without names', { status: 200, body: [{ id: 1 }] }, 'protocol'],
    ['a Link that cannot be read', { status: 200, headers: { link: '<<>>' }, body: [] }, 'protocol'],
    ['bad credentials', { status: 401, body: { message: 'Bad credentials' } }, 'unauthorized'],
    ['a refusal without words', { status: 403 }, 'denied'],
    ['nothing there', { status: 404, body: { message: 'Not Found' } }, 'not-found'],
    ['gone', { status: 410, body: '' }, 'not-found'],
  ])('%s', async (_, answer, kind) => {
    const { api } = await stage(firstly(answer))
    expect((await errorOf(api.labels(7))).kind).toBe(kind)
  })

  it('quotes GitHub in one harmless line', async () => {
    const message = `no\n::warning::\u202Eway ${'x'.repeat(500)}`
    const { api } = await stage(firstly({ status: 403, body: { message } }))
    const { line } = await errorOf(api.labels(7))
    expect(line).toMatch(/^GitHub: list labels: no ::warning:: way x+… \(HTTP 403\)$/)
  })

  it('stops turning pages at some point', async () => {
    const { api, server } = await stage({
      intercept: () => ({ status: 200, headers: { link: '<https://x/?page=2>; rel="next"' }, body: [] }),
    })
    expect((await errorOf(api.labels(7))).message).toContain('more than 100 pages')
    expect(server.log).toHaveLength(100)
  })
})

describe('requests', () => {
  it('encodes what it puts into a path', async () => {
    const { api, server } = await stage()
    server.mergeBases.set(`feature/x y...${SHA}`, SHA)
    expect(await api.mergeBase('feature/x y', SHA)).toBe(SHA)
    expect(server.log).toEqual([`GET /repos/acme/api/compare/feature%2Fx%20y...${SHA}?per_page=1 200`])
  })

  it('asks once who it is', async () => {
    const { api, server } = await stage()
    expect([await api.viewer(), await api.viewer()]).toEqual(['github-actions[bot]', 'github-actions[bot]'])
    expect(server.log).toEqual(['POST /graphql 200'])
  })

  it('takes an address with a slash at its end', async () => {
    const { server } = await stage({ path: '/api/v3' })
    const { api } = await stage({}, { apiUrl: `${server.apiUrl}/`, token: server.token })
    server.labels.set(7, ['a'])
    expect([await api.labels(7), await api.viewer()]).toEqual([['a'], 'github-actions[bot]'])
  })
})
