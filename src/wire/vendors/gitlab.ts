import { z } from 'zod'

import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { parseJson, readAs } from '../json.ts'
import { optionalDigest, readEntries, tag, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/** A tag in the API of GitLab's registry (`/gitlab/v1`). */
export interface GitLabTag {
  readonly name: Tag
  readonly digest: Digest | null
  /** when it was last given to a manifest */
  readonly published: Timestamp | null
}

const tagSchema = z.lazy(() =>
  z
    .object({
      name: tag,
      digest: optionalDigest,
      created_at: timestamp.optional(),
      updated_at: timestamp.optional(),
      published_at: timestamp.optional(),
    })
    .transform((wire): GitLabTag => ({
      name: wire.name,
      digest: wire.digest,
      // older registries have no `published_at`; `updated_at` is there once the tag was moved. One that is there
      // and cannot be read is unknown: the others may be older
      published: [wire.published_at, wire.updated_at, wire.created_at].find((at) => at !== undefined) ?? null,
    })),
)

const listOf = (body: Buffer, what: string): readonly unknown[] =>
  readAs(z.array(z.unknown()), parseJson(body, what), what)

/** @throws WardenError of kind `protocol` */
export function parseGitLabTags(body: Buffer): Entries<GitLabTag> {
  return readEntries(tagSchema, listOf(body, 'the list of tags'))
}

const repositorySchema = z.lazy(() => z.object({ id: z.int().min(1), path: z.string() }))
export type GitLabRepository = z.infer<typeof repositorySchema>

/** Registry repositories of a project (REST). @throws WardenError of kind `protocol` */
export function parseGitLabRepositories(body: Buffer): Entries<GitLabRepository> {
  return readEntries(repositorySchema, listOf(body, 'the list of registry repositories'))
}

/** Tags by name (REST). @throws WardenError of kind `protocol` */
export function parseGitLabTagNames(body: Buffer): Entries<Tag> {
  const named = z.object({ name: tag }).transform(({ name }) => name)
  return readEntries(named, listOf(body, 'the list of tags'))
}

const detailSchema = z.lazy(() => z.object({ created_at: timestamp, digest: optionalDigest }))

/** What a tag names, and when that was built (REST, tag details). @throws WardenError of kind `protocol` */
export function parseGitLabTagDate(body: Buffer): z.infer<typeof detailSchema> {
  return readAs(detailSchema, parseJson(body, 'the tag'), 'the tag')
}
