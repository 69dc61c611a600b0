import { z } from 'zod'
import { WardenError } from '../domain/errors.ts'
import { listOf, parseJsonObject, readAs } from './json.ts'

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

/** More than layers have. */
const MOST_ENTRIES = 500_000
/**
 * Values in the JSON: those of some 200,000 files, which have about fifteen each. Of `{},` a few megabytes
 * would become gigabytes, before anybody could count entries.
 */
const MOST_VALUES = 3_000_000

const length = z.int().min(0).nullish()

const toc = z.lazy(() =>
  z.object({
    version: z.literal(1),
    entries: listOf(
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
      MOST_ENTRIES,
    ),
  }),
)

/**
 * Parses the table of contents of a layer, whose bytes were checked. They are a stranger's all the same: time
 * and memory stay bounded.
 * @throws WardenError of kind `protocol`
 */
export function parseLayerToc(bytes: Buffer): readonly TocEntry[] {
  const what = 'the table of contents'
  if (hasTooManyValues(bytes)) throw new WardenError('protocol', `${what} is too long`)
  return readAs(toc, parseJsonObject(bytes, what), what).entries
}

const [COMMA, BRACKET, BRACE] = Buffer.from(',[{')

/**
 * By what stands before values, which is at least as many as they are, short of one: what is in names is
 * counted with them.
 */
function hasTooManyValues(bytes: Buffer): boolean {
  let values = 0
  for (let at = 0; at < bytes.length && values <= MOST_VALUES; at += 1) {
    const byte = bytes[at]
    if (byte === COMMA || byte === BRACKET || byte === BRACE) values += 1
  }
  return values > MOST_VALUES
}
