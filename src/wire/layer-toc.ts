import { z } from 'zod'
import { parseJsonObject, readAs } from './json.ts'

/**
 * One entry of a table of contents, as eStargz and zstd:chunked have it (stargz-snapshotter estargz.md,
 * containers/storage chunked): a member of the archive, or a further chunk of a file.
 */
export interface TocEntry {
  readonly name: string
  /** `chunk`, or what the member is; unknown types are possible */
  readonly type: string
  readonly size: number
  readonly linkName: string | null
  /** where its compressed bytes begin; null where it has none */
  readonly offset: number | null
  /** unpacked bytes of this chunk; 0 in the last one */
  readonly chunkSize: number
}

const length = z.int().min(0).nullish()

const toc = z.lazy(() =>
  z.object({
    version: z.literal(1),
    entries: z.array(
      z
        .object({
          name: z.string(),
          type: z.string(),
          size: length,
          linkName: z.string().nullish(),
          offset: length,
          chunkSize: length,
        })
        .transform(({ name, type, size, linkName, offset, chunkSize }): TocEntry => ({
          name,
          type,
          size: size ?? 0,
          linkName: linkName ?? null,
          offset: offset ?? null,
          chunkSize: chunkSize ?? 0,
        })),
    ),
  }),
)

/**
 * Parses the table of contents of a layer, whose bytes were checked.
 * @throws WardenError of kind `protocol`
 */
export function parseLayerToc(bytes: Buffer): readonly TocEntry[] {
  const what = 'the table of contents'
  return readAs(toc, parseJsonObject(bytes, what), what).entries
}
