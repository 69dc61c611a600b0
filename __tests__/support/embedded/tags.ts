import type { ServerResponse } from 'node:http'
import type { Quirks } from './quirks.ts'
import { refuse, reply } from './replies.ts'
import { tagsOf, type StoredRepository } from './store.ts'

/** GET tags/list: one page, with a Link while there are more. */
export function listTags(
  path: string,
  repository: StoredRepository,
  query: URLSearchParams,
  quirks: Quirks,
  response: ServerResponse,
): void {
  const ordered = [...repository.tags.keys()]
  const all = quirks.tagOrder === 'pushed' ? ordered : ordered.sort()
  if (all.length === 0 && quirks.noTags === 'not-found') {
    refuse(response, 404, 'NAME_UNKNOWN', 'repository name not known to registry')
    return
  }
  const page = pageOf(all, query, quirks, `/v2/${path}/tags/list`, response)
  if (page === null) return
  reply(response, 200, {
    name: path,
    ...(all.length > 0 || quirks.noTags !== 'absent' ? { tags: tagEntries(page, quirks) } : {}),
    ...(quirks.manifestTimes && { child: [], manifest: manifestTimes(repository) }),
  })
}

/** GET _catalog: repositories that exist, paged like tags. */
export function listRepositories(
  paths: readonly string[],
  query: URLSearchParams,
  quirks: Quirks,
  response: ServerResponse,
): void {
  const repositories = pageOf([...paths].sort(), query, quirks, '/v2/_catalog', response)
  if (repositories) reply(response, 200, { repositories })
}

/** The page asked for; null when `n` was refused. */
function pageOf(
  all: readonly string[],
  query: URLSearchParams,
  quirks: Quirks,
  path: string,
  response: ServerResponse,
): readonly string[] | null {
  if (quirks.ignorePage) return all
  const asked = query.has('n') ? Number(query.get('n')) : (quirks.defaultPage ?? all.length)
  const { refusePageAbove } = quirks
  if (refusePageAbove && asked > refusePageAbove.n) {
    const limit = `Member must have value less than or equal to ${refusePageAbove.n}`
    refuse(response, refusePageAbove.status, 'UNSUPPORTED', limit)
    return null
  }
  const length = Math.min(asked, quirks.maxPage ?? asked)
  const named = quirks.opaqueCursor ? fromOpaque(query.get('next_page')) : query.get('last')
  const last = quirks.ignoreLast ? null : named
  const start = last === null ? 0 : startAfter(all, last, quirks)
  const page = all.slice(start, start + length)
  const end = page.at(-1)
  if (end !== undefined && linked(quirks, start, start + length < all.length)) {
    const cursor = quirks.opaqueCursor ? { next_page: toOpaque(end) } : { last: end }
    const next = new URLSearchParams({ n: String(length), ...cursor })
    response.setHeader('link', `<${quirks.linkPrefix ?? ''}${path}?${next.toString()}>; rel="next"`)
  }
  return page
}

function linked({ links }: Quirks, start: number, more: boolean): boolean {
  if (links === 'every-page') return true
  return more && links !== 'none' && (links !== 'first-page' || start === 0)
}

/** A cursor may name a tag that is gone; in code point order the next one is still known. */
function startAfter(all: readonly string[], last: string, quirks: Quirks): number {
  if (quirks.tagOrder === 'pushed') return all.indexOf(last) + 1
  const next = all.findIndex((each) => each > last)
  return next === -1 ? all.length : next
}

function tagEntries(page: readonly string[], quirks: Quirks): readonly (string | null)[] | null {
  if (page.length === 0 && quirks.noTags === 'null') return null
  return [...page, ...Array.from({ length: quirks.nullTags ?? 0 }, () => null)]
}

/** What Google's registries add: milliseconds and bytes as strings. */
function manifestTimes(repository: StoredRepository): Record<string, unknown> {
  const entries = [...repository.manifests.values()].map((each) => [
    each.digest,
    {
      imageSizeBytes: String(each.bytes.length),
      layerId: '',
      mediaType: each.mediaType,
      tag: tagsOf(repository, each.digest),
      timeCreatedMs: '0',
      timeUploadedMs: String(each.pushedAt),
    },
  ])
  return Object.fromEntries(entries)
}

function toOpaque(last: string): string {
  return Buffer.from(`v1 ${last}`).toString('base64url')
}

function fromOpaque(cursor: string | null): string | null {
  return cursor === null ? null : Buffer.from(cursor, 'base64url').toString().slice(3)
}
