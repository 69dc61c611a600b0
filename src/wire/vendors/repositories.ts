import { z } from 'zod'

import { parseJson, readAs } from '../json.ts'
import { readEntries } from './entries.ts'
import type { Entries } from './entries.ts'

/** Names of repositories on one page of a vendor's list, and where the body says that it goes on. */
export interface NamePage extends Entries<string> {
  /** a token or query for the next page; null: this is the last; left out: the body does not say */
  readonly more?: string | null
}

const what = 'the list of repositories'
const more = z
  .string()
  .nullish()
  .transform((token) => token || null)

/** A list of objects with a `name`: GitHub's packages, Harbor's repositories. */
export function parseNames(body: Buffer): NamePage {
  const named = z.object({ name: z.string() }).transform(({ name }) => name)
  return readEntries(named, readAs(z.array(z.unknown()), parseJson(body, what), what))
}

/** GitLab: each registry repository with its whole path. */
export function parsePaths(body: Buffer): NamePage {
  const named = z.object({ path: z.string() }).transform(({ path }) => path)
  return readEntries(named, readAs(z.array(z.unknown()), parseJson(body, what), what))
}

/** Docker Hub: `next` is the whole address of the next page. */
export function parseHubRepositories(body: Buffer): NamePage {
  const page = z.object({ results: z.array(z.unknown()), next: more })
  const { results, next } = readAs(page, parseJson(body, what), what)
  const named = z.object({ name: z.string() }).transform(({ name }) => name)
  const [, query = null] = /\?([^#]+)/.exec(next ?? '') ?? []
  return { ...readEntries(named, results), more: query }
}

/** Quay: `next_page` is a token. */
export function parseQuayRepositories(body: Buffer): NamePage {
  const page = z.object({ repositories: z.array(z.unknown()), next_page: more })
  const { repositories, next_page } = readAs(page, parseJson(body, what), what)
  const named = z.object({ name: z.string() }).transform(({ name }) => name)
  return { ...readEntries(named, repositories), more: next_page }
}

/**
 * Google's Artifact Registry: full resource names, of which the last part is the name; a missing list is an
 * empty one. Repositories of other formats are none of ours, and count for nothing: a page may hold only
 * such.
 */
export function parseGoogleNames(field: 'repositories' | 'packages', body: Buffer): NamePage {
  const page = z.object({ [field]: z.array(z.unknown()).nullish(), nextPageToken: more })
  const read = readAs(page, parseJson(body, what), what)
  const list = read[field]
  const named = z
    .object({ name: z.string() })
    .transform(({ name }) => decoded(name.slice(name.lastIndexOf('/') + 1)))
  const ours = (Array.isArray(list) ? list : []).filter((entry) => !FOREIGN.safeParse(entry).success)
  const { nextPageToken } = read
  return {
    ...readEntries(named, ours),
    more: typeof nextPageToken === 'string' ? nextPageToken : null,
  }
}

const FOREIGN = z.object({ format: z.string().refine((format) => format !== 'DOCKER') })

/** A slash inside a name is `%2F` there. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
