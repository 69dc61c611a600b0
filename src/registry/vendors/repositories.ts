import { WardenError } from '../../domain/errors.ts'
import { vendorOf } from '../../domain/vendors/vendors.ts'
import type { NamePage } from '../../wire/vendors/repositories.ts'
import { readVendorList } from './api.ts'
import type { AskVendor, VendorQuestion } from './api.ts'
import type { CatalogContext } from './context.ts'

export interface NameList {
  readonly question: VendorQuestion
  readonly size: number
  readonly read: (body: Buffer) => NamePage
  /** the query for a page that the answer did not name */
  readonly following: (page: number, last: string) => string
  /** The query that the body's own word for the next page means; default: the word itself. */
  readonly more?: (word: string) => string
  readonly advice: string | null
}

/**
 * Reads a list of names to its proven end. One that cannot be read may hide a repository, and is an error.
 */
export async function readNames(ask: AskVendor, list: NameList): Promise<readonly string[]> {
  const names: string[] = []
  const { question, size, following, advice, more: queryOf = (word) => word } = list
  let unread = 0
  await readVendorList(ask, {
    question,
    size,
    read: (body) => {
      const { more, ...entries } = list.read(body)
      return more === undefined ? entries : { ...entries, next: more === null ? null : queryOf(more) }
    },
    key: (name) => name,
    take: (found, dropped) => {
      for (const name of found) names.push(name)
      unread += dropped
    },
    following,
    advice,
  })
  if (unread === 0) return names
  throw new WardenError('protocol', `${question.purpose}: ${unread} entries could not be read`)
}

/** The owner whose repositories are listed, where a vendor lists them by owner only. */
export function ownerOf({ owner, registry }: CatalogContext): string {
  if (owner !== null) return owner
  throw new WardenError('unsupported', `${registry.host} lists no repositories without an owner`, {
    advice: `Write one: image: ${registry.host}/OWNER/* (${vendorOf(registry).title} lists the repositories of one owner at a time)`,
  })
}
