import { WardenError } from '../../src/domain/errors.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { AuthorizedRequest } from '../../src/credentials/authenticator.ts'
import { isTag } from '../../src/domain/names/tag.ts'
import type { Ask } from '../../src/registry/endpoint.ts'
import { readTags } from '../../src/registry/listings.ts'
import { json, sha256 } from '../wire/documents.ts'
import { errors, LOGIN_PAGE, playRegistry, REGISTRY, REPOSITORY } from './fake-registry.ts'
import type { Answer } from './fake-registry.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `v${String(i).padStart(5, '0')}`)

/**
 * A registry that pages as distribution does: sorted, `n` clamped to `most`, `Link` in the style asked for.
 */
function paging(
  tags: readonly string[],
  most = 1000,
  link = (query: string) => `</v2/team/app/tags/list?${query}>; rel="next"`,
) {
  return ({ url }: AuthorizedRequest): Answer => {
    const last = url.searchParams.get('last')
    const n = Math.min(Number(url.searchParams.get('n') ?? most), most)
    const rest = last === null ? tags : tags.slice(tags.indexOf(last) + 1)
    const page = rest.slice(0, n)
    const more = page.length < rest.length
    const query = `n=${n}&last=${encodeURIComponent(page.at(-1) ?? '')}`
    return { body: { name: 'team/app', tags: page }, headers: more ? { link: link(query) } : {} }
  }
}

describe('tags', () => {
  test('a short list is one request, and one that proves its end', async () => {
    const { repository, lines, requests } = playRegistry(paging(['v1', 'v2']))
    expect(await repository.tags()).toEqual(['v1', 'v2'])
    expect(lines()).toEqual(['GET tags/list?n=1000', 'GET tags/list?n=1000&last=v2'])
    expect(requests[0]).toMatchObject({ headers: { accept: 'application/json' }, maxBytes: 8 * 1024 * 1024 })
  })

  test('2,500 tags at a registry that gives 1,000 a page', async () => {
    const { repository, lines } = playRegistry(paging(numbered(2500)))
    expect(await repository.tags()).toEqual(numbered(2500))
    expect(lines()).toEqual([
      'GET tags/list?n=1000',
      'GET tags/list?n=1000&last=v00999',
      'GET tags/list?n=1000&last=v01999',
      'GET tags/list?n=1000&last=v02499',
    ])
  })

  test.each([
    ['absolute, of a foreign host', (query: string) => `<https://evil.example/steal?${query}>; rel="next"`],
    ['only a query', (query: string) => `<?${query}>; rel=next`],
    [
      'behind a prefix that is lost',
      (query: string) => `</v2/app/tags/list?${query}>; title="x, y"; rel="next"`,
    ],
  ])('the next page is asked here when the link is %s', async (_, link) => {
    const { repository, requests } = playRegistry(paging(numbered(25), 10, link))
    expect(await repository.tags()).toEqual(numbered(25))
    expect(new Set(requests.map(({ url }) => url.origin + url.pathname))).toEqual(
      new Set(['https://registry.example/v2/team/app/tags/list']),
    )
  })

  test('an opaque cursor goes back as it came (Quay)', async () => {
    const { repository, lines } = playRegistry(({ url }) =>
      url.search.includes('next_page')
        ? { body: { tags: ['b'] } }
        : { body: { tags: ['a'] }, headers: { link: '</x?next_page=g%3D%3D%26x>; rel="next"' } },
    )
    expect(await repository.tags()).toEqual(['a', 'b'])
    expect(lines()[1]).toBe('GET tags/list?next_page=g%3D%3D%26x')
  })

  test('everything at once, unsorted, whatever n says (2.8)', async () => {
    const tags = [...numbered(2501)].reverse()
    const { repository, lines } = playRegistry(() => ({ body: { tags } }), { forDeletes: true })
    expect(await repository.tags()).toEqual(tags)
    expect(lines()).toHaveLength(2)
  })

  test.each([37, 50, 100])(
    'a registry that gives %i at most and no Link is read to its end',
    async (limit) => {
      const tags = numbered(2 * limit + 3)
      const { repository, lines } = playRegistry(({ url }) => {
        const start = tags.indexOf(url.searchParams.get('last') ?? '') + 1
        return { body: { tags: tags.slice(start, start + limit) } }
      })
      expect(await repository.tags()).toEqual(tags)
      expect(lines()).toHaveLength(4)
    },
  )

  test.each([100, 250])('a Link only on the first page does not end the list: pages of %i', async (most) => {
    const tags = numbered(2 * most + 51)
    const pages = paging(tags, most)
    const { repository } = playRegistry(
      (request) => ({
        ...pages(request),
        ...(request.url.searchParams.has('last') ? { headers: {} } : {}),
      }),
      { forDeletes: true },
    )
    expect(await repository.tags()).toEqual(tags)
  })

  test.each([400, 404, 405])('%i behind a round number of tags without Link is their end', async (status) => {
    const tags = numbered(20)
    const { repository } = playRegistry(({ url }) =>
      url.searchParams.has('last') ? { status } : { body: { tags } },
    )
    expect(await repository.tags()).toEqual(tags)
  })

  test.each([401, 403, 500])('%i there is none', async (status) => {
    const { repository } = playRegistry(({ url }) =>
      url.searchParams.has('last') ? { status } : { body: { tags: numbered(20) } },
    )
    await expect(repository.tags()).rejects.toThrow(WardenError)
  })

  describe('a server that sends n entries at most, no Link, and ignores last', () => {
    const cut = (tags: readonly string[], most: number, usual = most) =>
      playRegistry(
        ({ url }) => ({
          body: { tags: tags.slice(0, Math.min(Number(url.searchParams.get('n') ?? usual), most)) },
        }),
        { forDeletes: true },
      )

    test('is asked without a size and with larger ones', async () => {
      const tags = numbered(12_345)
      const { repository, lines } = cut(tags, Infinity, 100)
      expect(await repository.tags()).toEqual(tags)
      expect(lines().map((line) => line.replace(/last=.*/, 'last'))).toEqual([
        'GET tags/list?n=1000',
        'GET tags/list?n=1000&last',
        'GET tags/list',
        'GET tags/list?n=10000',
        'GET tags/list?n=10000&last',
        'GET tags/list?n=100000',
        'GET tags/list?n=100000&last',
      ])
    })

    test.each([50, 100, 200, 250, 500, 1000, 3000])('is not believed at %i entries', async (most) => {
      await expect(cut(numbered(most + 1), most).repository.tags()).rejects.toThrow(
        `tags of registry.example/team/app: the list may be cut off: its ${most} entries are exactly a full page`,
      )
    })

    test.each([49, 51, 137, 999, 1001])(
      'is believed at %i, which is not a limit of anybody',
      async (count) => {
        const { repository, lines } = cut(numbered(count), 5000, 5000)
        expect(await repository.tags()).toHaveLength(count)
        expect(lines().length).toBeLessThanOrEqual(5)
      },
    )

    test('warns who only reads', async () => {
      const tags = numbered(1000)
      const { repository, logged } = playRegistry(() => ({ body: { tags } }))
      expect(await repository.tags()).toEqual(tags)
      expect(logged).toEqual([
        expect.stringMatching(/^warning: tags of .* 1000 entries .* Push or delete one tag/),
      ])
    })
  })

  const shuffled = ['zz-1', ...numbered(99), 'prod', 'a-0', 'a-1']
  /** pages by position, or by name, which is no way through a list in the order of pushes */
  const byPush =
    (by: 'place' | 'name', limit: number, tags = shuffled) =>
    ({ url }: { url: URL }) => {
      const last = url.searchParams.get('last')
      const place = last === null ? 0 : tags.indexOf(last) + 1
      const rest = by === 'place' ? tags.slice(place) : tags.filter((tag) => last === null || tag > last)
      return { body: { tags: rest.slice(0, limit) } }
    }
  test.each([
    ['place', 100],
    ['place', 37],
    ['name', 1000],
  ] as const)('a list in the order of pushes is complete where it is paged by %s (%i)', async (by, limit) => {
    const { repository } = playRegistry(byPush(by, limit))
    const { tags, doubt } = await repository.tagList()
    expect([tags.length, doubt]).toEqual([shuffled.length, null])
  })

  test.each([
    ['a usual number fits on a page', 100, shuffled],
    ['the first page is in order by chance', 100, [...numbered(99), 'zz-1', 'prod', 'zz-0']],
    ['what is left out shows from the smallest name', 37, ['a-0', 'zz-1', ...numbered(35), 'prod']],
  ])('and is not, where names decide and %s', async (_, limit, tags) => {
    const { doubt } = await playRegistry(byPush('name', limit, tags)).repository.tagList()
    expect(doubt).toMatchObject({ kind: 'protocol' })
  })

  test.each([1000, 2000])('exactly %i tags are complete where `last` is honoured', async (count) => {
    const pages = paging(numbered(count))
    const { repository } = playRegistry((request) => ({ ...pages(request), headers: {} }), {
      forDeletes: true,
    })
    expect(await repository.tags()).toHaveLength(count)
  })

  test('a registry that pages by its own links and does not know `last` ends where they do (Quay)', async () => {
    const tags = numbered(237)
    const quay = ({ url }: AuthorizedRequest): Answer => {
      const start = Number(url.searchParams.get('next_page') ?? 0)
      const link = start + 100 < tags.length ? { link: `<?next_page=${start + 100}>; rel="next"` } : {}
      return { body: { tags: tags.slice(start, start + 100) }, headers: link }
    }
    const { repository, lines } = playRegistry(quay, { forDeletes: true })
    expect(await repository.tags()).toEqual(tags)
    expect(lines()).toHaveLength(4)
  })

  test.each([50, 100, 200])(
    'that became %i tags where it was longer before is not cut off (2.8)',
    async (count) => {
      const all = numbered(count + 53)
      let left = all
      const { repository } = playRegistry(() => ({ body: { tags: left } }))
      const { tagList } = repository
      expect((await tagList()).doubt).toBeNull()
      left = all.slice(0, count)
      expect(await tagList()).toMatchObject({ tags: { length: count }, doubt: null })
      const fresh = playRegistry(() => ({ body: { tags: left } })).repository
      expect((await fresh.tagList()).doubt?.message).toContain('may be cut off')
    },
  )

  test('tags are handed over before the list is known to be complete', async () => {
    const { repository, lines } = playRegistry(paging(numbered(15), 10))
    const seen: [number, number][] = []
    await repository.tags((tags) => void seen.push([tags.length, lines().length]))
    expect(seen).toEqual([
      [10, 1],
      [5, 2],
    ])
  })

  test('a registry that pages without Link is read to its end', async () => {
    const pages = paging(numbered(2100))
    const { repository } = playRegistry((request) => ({ ...pages(request), headers: {} }))
    expect(await repository.tags()).toEqual(numbered(2100))
  })

  test('a last page that is full is proven by an empty one where Links are sent', async () => {
    const { repository, lines } = playRegistry(paging(numbered(2000)), { forDeletes: true })
    expect(await repository.tags()).toHaveLength(2000)
    expect(lines()).toHaveLength(3)
  })

  test.each([
    ['ECR', 405, 100, ['?n=1000', '?n=100', '?n=100&last=v1']],
    ['old distribution', 400, 100, ['?n=1000', '?n=100', '?n=100&last=v1']],
    ['a proxy', 413, 100, ['?n=1000', '?n=100', '?n=100&last=v1']],
    ['no n at all', 400, 0, ['?n=1000', '?n=100', '', '?last=v1']],
  ])('a smaller page where n is refused: %s', async (_, status, most, asked) => {
    const { repository, requests } = playRegistry(({ url }) =>
      Number(url.searchParams.get('n') ?? 0) > most
        ? errors(status, 'PAGINATION_NUMBER_INVALID')
        : { body: { tags: ['v1'] } },
    )
    expect(await repository.tags()).toEqual(['v1'])
    expect(requests.map(({ url }) => url.search)).toEqual(asked)
  })

  test('a later page that is too large is asked for again with fewer entries', async () => {
    const pages = paging(numbered(2500))
    const { repository, lines } = playRegistry((request) =>
      request.url.search === '?n=1000&last=v01999' ? { status: 413 } : pages(request),
    )
    expect(await repository.tags()).toEqual(numbered(2500))
    expect(lines()[3]).toBe('GET tags/list?n=100&last=v01999')
  })

  test('406 is asked again for any type (Artifactory)', async () => {
    const { repository } = playRegistry(({ headers }) =>
      headers?.['accept'] === '*/*' ? { body: { tags: ['v1'] } } : { status: 406 },
    )
    expect(await repository.tags()).toEqual(['v1'])
  })

  test.each([
    ['null', { tags: null }],
    ['absent', {}],
    ['empty', { tags: [] }],
  ])('an emptied repository has none: tags %s', async (_, body) => {
    const { repository } = playRegistry(() => ({ body }))
    expect(await repository.tags()).toEqual([])
  })

  test('entries that are not tags are counted and said', async () => {
    const { repository, logged } = playRegistry(() => ({
      body: { tags: ['v1', null, sha256('x'), '\u001b[2J', 'v1'] },
    }))
    expect(await repository.tagList()).toMatchObject({ tags: ['v1'], dropped: 3 })
    expect(logged).toEqual([
      'notice: tags of registry.example/team/app: 3 entries are not tags and were left out',
    ])
  })

  test('names that are not tags are an error for a caller that must know what they name', async () => {
    const play = (tags: unknown) => playRegistry(() => ({ body: { tags } }), { forDeletes: true }).repository
    expect(await play(['v1', null, '', sha256('x')]).tags()).toEqual(['v1'])
    await expect(play(['v1', 'v1+build']).tags()).rejects.toThrow(
      /1 names in the list are not tags, such as v1\+build/,
    )
  })

  test("Google's upload times are kept over all pages", async () => {
    const manifest = (seed: string) => ({ [sha256(seed)]: { timeUploadedMs: '1700000000000', tag: [] } })
    const { repository } = playRegistry(({ url }) =>
      url.searchParams.has('last')
        ? { body: { tags: ['b'], manifest: manifest('b') } }
        : { body: { tags: ['a'], manifest: manifest('a') }, headers: { link: '<?last=a>; rel=next' } },
    )
    expect([...(await repository.tagList()).uploads.keys()]).toEqual([sha256('a'), sha256('b')])
  })
})

test('descriptions of manifests count too: Google gives them beside the list, a hostile registry without end', async () => {
  let pages = 0
  const ask: Ask = async ({ resource, subject, purpose }) => {
    pages += 1
    const url = new URL(resource, REGISTRY.origin)
    const manifest = Object.fromEntries([1, 2, 3].map((n) => [sha256(`${pages} ${n}`), {}]))
    const headers = new Map([['link', [`<?c=${pages}>; rel=next`]]])
    const response = { status: 200, headers, body: json({ tags: [`v${pages}`], manifest }), url }
    return { request: { method: 'GET', url, purpose }, response, registry: REGISTRY, subject }
  }
  const limits = { pages: 1000, entries: 10, idlePages: 20 }
  await expect(readTags(ask, REPOSITORY, { limits })).rejects.toMatchObject({ kind: 'protocol' })
  expect(pages).toBe(4)
})

describe('a list that cannot be read to its end is an error', () => {
  let count = 0
  test.each<[string, (request: AuthorizedRequest) => Answer, string]>([
    ['unknown repository', () => errors(404, 'NAME_UNKNOWN'), 'not-found-repository'],
    ['bare 404', () => ({ status: 404, body: '404 page not found' }), 'not-found-repository'],
    ['404 of a web server', () => ({ ...LOGIN_PAGE, status: 404 }), 'protocol'],
    ['login page', () => LOGIN_PAGE, 'protocol'],
    [
      'a page that fails',
      (request) =>
        request.url.searchParams.has('last') ? { status: 500 } : paging(numbered(20), 10)(request),
      'server',
    ],
    [
      'a link in a circle',
      () => ({ body: { tags: ['a'] }, headers: { link: '<?n=1&last=a>; rel=next' } }),
      'protocol',
    ],
    [
      'an unreadable link',
      () => ({ body: { tags: ['a'] }, headers: { link: '</v2/x; rel=next' } }),
      'protocol',
    ],
    [
      'pages without end that bring nothing',
      () => ({ body: { tags: ['a'] }, headers: { link: `<?c=${(count += 1)}>; rel=next` } }),
      'protocol',
    ],
    [
      'pages without end that bring more',
      () => ({
        body: { tags: numbered(100_000).map((tag) => `${tag}-${count}`) },
        headers: { link: `<?c=${(count += 1)}>; rel=next` },
      }),
      'protocol',
    ],
  ])('%s', async (_, handler, kind) => {
    const { repository, requests } = playRegistry(handler)
    await expect(repository.tags()).rejects.toMatchObject({ kind })
    expect(requests.length).toBeLessThan(50)
  })
})

test('the catalog is paged too, and belongs to no repository', async () => {
  const { client, requests } = playRegistry(({ url }) =>
    url.searchParams.has('last')
      ? { body: { repositories: ['b', '../c'] } }
      : { body: { repositories: ['a'] }, headers: { link: '</v2/_catalog?last=a&n=1>; rel="next"' } },
  )
  expect(await client.catalog(REGISTRY)).toEqual(['a', 'b', '../c'])
  expect(requests.map(({ url, repository }) => [url.pathname, repository.path])).toEqual([
    ['/v2/_catalog', null],
    ['/v2/_catalog', null],
    ['/v2/_catalog', null],
  ])
  const without = playRegistry(() => ({ status: 404 }))
  await expect(without.client.catalog(REGISTRY)).rejects.toMatchObject({ kind: 'unsupported' })
})

test('law: however a list of tags is cut into pages, it is read as it is', async () => {
  const tags = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/).filter(isTag), {
    maxLength: 60,
  })
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(tags, cuts, fc.boolean(), async (all, positions, repeats) => {
      const starts = [0, ...positions.map((position) => Math.min(position, all.length)).sort((a, b) => a - b)]
      const { repository } = playRegistry(({ url }) => {
        const page = Number(url.searchParams.get('page') ?? 0)
        const start = Math.max((starts[page] ?? 0) - (repeats ? 1 : 0), 0)
        const isLast = page === starts.length - 1
        return {
          body: { tags: all.slice(start, starts[page + 1]) },
          headers: isLast ? {} : { link: `</anything?page=${page + 1}>; rel="next"` },
        }
      })
      expect(await repository.tags()).toEqual(all)
    }),
  )
})

test('a link that comes and goes is no reason to doubt a list that goes by name', async () => {
  const pages = paging(numbered(700), 500)
  let answers = 0
  const { repository, lines } = playRegistry(
    (request) => ((answers += 1) === 1 ? { ...pages(request), headers: {} } : pages(request)),
    { forDeletes: true },
  )
  expect(await repository.tags()).toEqual(numbered(700))
  expect(lines()).toEqual([
    'GET tags/list?n=1000',
    'GET tags/list?n=1000&last=v00499',
    'GET tags/list?n=1000&last=v00699',
    'GET tags/list?n=1000&last=v00000',
  ])
})

test('law: a registry that honours `last` loses no tag, whatever links and page sizes it sends', async () => {
  const counts = fc.integer({ min: 0, max: 700 })
  const limits = fc.constantFrom(1, 7, 37, 50, 100, 250, 500, 1000)
  const links = fc.infiniteStream(fc.boolean())
  await fc.assert(
    fc.asyncProperty(counts, limits, links, async (count, most, sendsLink) => {
      const pages = paging(numbered(count), most)
      const { repository } = playRegistry(
        (request) => (sendsLink.next().value === true ? pages(request) : { ...pages(request), headers: {} }),
        { forDeletes: true },
      )
      expect(await repository.tags()).toEqual(numbered(count))
    }),
  )
})
