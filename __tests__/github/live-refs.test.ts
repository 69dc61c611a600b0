import { describe, expect, test } from 'vitest'
import type { RefList } from '../../src/domain/prune/protect-refs.ts'
import { readLiveRefs } from '../../src/github/live-refs.ts'
import type { GitHubServer } from '../support/github-api.ts'
import { SHA, stage } from './fixtures.ts'

const ALL: ReadonlySet<RefList> = new Set(['pullRequests', 'branches', 'tags', 'releases'])

function fill({ pullRequests, branches, gitTags, releases }: GitHubServer, count: number): void {
  for (let n = 1; n <= count; n += 1) {
    const state = n % 10 === 0 ? 'closed' : 'open'
    pullRequests.push({ number: n, state, headSha: SHA, headBranch: `b${n}`, headRepository: 'acme/api' })
    branches.set(`branch-${n}`, SHA)
    gitTags.push(`v${n}`)
    releases.push(`v${n}`)
  }
}

describe('what is alive on GitHub', () => {
  test('every page of every list, and no list that nobody asks for', async () => {
    const { server, ask } = await stage()
    fill(server, 250)
    const refs = await readLiveRefs(ask, ALL)
    expect(new Set(refs.pullRequests.map(({ number }) => number)).size).toBe(225)
    expect(new Set(refs.branches.map(({ name }) => name)).size).toBe(250)
    expect(new Set(refs.tags).size).toBe(250)
    expect(new Set(refs.releases).size).toBe(250)
    server.log.length = 0
    expect(await readLiveRefs(ask, new Set(['tags']))).toMatchObject({
      pullRequests: [],
      branches: [],
      releases: [],
    })
    expect(server.log.every((line) => line.startsWith('GET /repos/acme/api/tags?'))).toBe(true)
  })

  test('a full page without a link is not an end', async () => {
    const bare = { number: 0 }
    const { server, ask } = await stage({
      intercept: ({ path, query }) => {
        if (!path.endsWith('/tags')) return null
        bare.number += 1
        const names = Array.from(
          { length: query.get('page') === '1' ? 100 : 3 },
          (_, at) => `${query.get('page')}-${at}`,
        )
        return { status: 200, body: names.map((name) => ({ name })) }
      },
    })
    const { tags } = await readLiveRefs(ask, new Set(['tags']))
    expect(tags).toContain('2-2')
    expect(bare.number).toBeGreaterThan(1)
    expect(server.log.length).toBeGreaterThan(1)
  })

  test.each<[RefList, string, number]>([
    ['pullRequests', 'pull-requests: read', 403],
    ['branches', 'contents: read', 403],
    ['tags', 'contents: read', 404],
    ['releases', 'contents: read', 403],
  ])('%s that may not be read name %s', async (list, permission, status) => {
    const { ask } = await stage({ intercept: () => ({ status, body: { message: 'Not accessible' } }) })
    await expect(readLiveRefs(ask, new Set([list]))).rejects.toMatchObject({
      advice: `Give the job "permissions: ${permission}" beside its others; nothing is deleted without this list`,
    })
  })

  test.each([
    ['a second page that fails', { status: 500, body: { message: 'no' } }],
    ['a second page that is no list', { status: 200, body: { message: 'no' } }],
    ['a second page that is HTML', { status: 200, body: '<html>' }],
  ])('%s is an error, not a shorter list', async (_, reply) => {
    const { server, ask } = await stage({
      intercept: ({ query }) => (query.get('page') === '2' ? reply : null),
    })
    fill(server, 150)
    await expect(readLiveRefs(ask, new Set(['branches']))).rejects.toThrow(/list branches|GitHub's answer/)
  })
})
