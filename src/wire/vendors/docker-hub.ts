import { z } from 'zod'

import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { parseJson, readAs } from '../json.ts'
import { optionalDigest, readEntries, tag, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/** A tag in Docker Hub's own API. */
export interface HubTag {
  readonly name: Tag
  readonly digest: Digest | null
  readonly pushed: Timestamp | null
  readonly updated: Timestamp | null
  readonly pulled: Timestamp | null
}

export interface HubTagPage extends Entries<HubTag> {
  /** query of the next page */
  readonly next: string | null
}

const tagSchema = z.lazy(() =>
  z
    .object({
      name: tag,
      digest: optionalDigest,
      tag_last_pushed: timestamp,
      last_updated: timestamp,
      tag_last_pulled: timestamp,
    })
    .transform((wire): HubTag => ({
      name: wire.name,
      digest: wire.digest,
      pushed: wire.tag_last_pushed,
      updated: wire.last_updated,
      pulled: wire.tag_last_pulled,
    })),
)

const pageSchema = z.lazy(() => z.object({ results: z.array(z.unknown()), next: z.string().nullish() }))

/** @throws WardenError of kind `protocol` */
export function parseHubTags(body: Buffer): HubTagPage {
  const what = 'the list of tags'
  const { results, next } = readAs(pageSchema, parseJson(body, what), what)
  return { ...readEntries(tagSchema, results), next: next ? queryOf(next, what) : null }
}

/** Only the query: the host of a link has no say in where our token goes. */
function queryOf(link: string, what: string): string {
  const [, query = ''] = /\?([^#]+)/.exec(link) ?? []
  if (query === '') throw new WardenError('protocol', `${what} leads to a next page that cannot be read`)
  return query
}

/** Anything else would make Node refuse the header, or split it. */
const TOKEN = /^[\x21-\x7e]+$/
const token = z.string().regex(TOKEN)
const loginSchema = z.lazy(() =>
  z.union([
    z.object({ access_token: token }).transform((wire) => wire.access_token),
    z.object({ token }).transform((wire) => wire.token),
  ]),
)

/**
 * The token of a login; the body is never quoted.
 * @throws WardenError of kind `protocol`
 */
export function parseHubLogin(body: Buffer): string {
  const answer = loginSchema.safeParse(jsonOrNothing(body))
  if (answer.success) return answer.data
  throw new WardenError('protocol', 'the answer to the login holds no token')
}

function jsonOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
