import { describe, expect, it } from 'vitest'
import { judgeRequests } from '../../scripts/bench/request-law.ts'
import type { SeenRequest } from '../../scripts/bench/stage.ts'

const CHILD = `sha256:${'c'.repeat(64)}`
const WORKLOAD = { tags: ['1.0', '1.1'], references: ['1.0', '1.1', CHILD], configs: 0 }

const seen = (path: string, status = 200, query = ''): SeenRequest => ({ method: 'GET', path, query, status })

const LAWFUL = [
  seen('/v2/app/tags/list', 401, 'n=1000'),
  seen('token server /token', 200, 'scope=repository:app:pull'),
  seen('/v2/app/tags/list', 200, 'n=1000'),
  seen('/v2/app/manifests/1.0'),
  seen('/v2/app/manifests/1.1'),
  seen(`/v2/app/manifests/${CHILD}`),
]

describe('judgeRequests', () => {
  it('accepts what the law allows, and accounts for each request', () => {
    expect(judgeRequests(LAWFUL, WORKLOAD)).toEqual({
      pages: 1,
      account: '1 challenge + 1 token + 1 page + 2 tags + 1 further manifest + 0 configs',
      broken: [],
    })
  })

  it.each([
    [
      'a manifest twice',
      [seen('/v2/app/manifests/1.0')],
      ['3 tags instead of 2', 'asked twice: GET /v2/app/manifests/1.0'],
    ],
    ['a second challenge', [seen('/v2/app/manifests/1.0', 401)], ['2 challenges instead of 1']],
    ['a config nobody needs', [seen(`/v2/app/blobs/${CHILD}`)], ['1 config instead of 0']],
    ['a retry', [seen('/v2/app/manifests/1.0', 503)], ['1 requests of no known kind']],
    [
      'a page twice',
      [seen('/v2/app/tags/list', 200, 'n=1000')],
      ['asked twice: GET /v2/app/tags/list?n=1000'],
    ],
  ])('finds %s', (_, more, broken) => {
    expect(judgeRequests([...LAWFUL, ...more], WORKLOAD).broken).toEqual(broken)
  })

  it('finds a tag that was left out', () => {
    const { broken } = judgeRequests(
      LAWFUL.filter(({ path }) => !path.endsWith('1.1')),
      WORKLOAD,
    )
    expect(broken).toEqual(['1 tag instead of 2'])
  })

  it.each([
    [1000, 4, []],
    [1000, 5, ['5 pages instead of 4']],
    [999, 2, []],
    [999, 3, ['3 pages instead of 2']],
    [1001, 3, []],
  ])('of %i tags allows the pages that prove the end: %i pages', (length, pages, broken) => {
    const tags = Array.from({ length }, (_, position) => `1.${position}`)
    const requests = [
      ...LAWFUL.slice(0, 2),
      ...Array.from({ length: pages }, (_, page) => seen('/v2/app/tags/list', 200, `page=${page}`)),
      ...tags.map((tag) => seen(`/v2/app/manifests/${tag}`)),
    ]
    expect(judgeRequests(requests, { tags, references: tags, configs: 0 })).toMatchObject({ pages, broken })
  })
})
