import { z } from 'zod'

import { MOST_PATHS } from '../domain/explain/explanation.ts'
import type { SizeExplanation } from '../domain/explain/explanation.ts'
import { listOf } from './json.ts'
import { bytes, count, digest, name, text } from './report-fields.ts'

const folded = z.lazy(() =>
  z.object({
    path: name,
    isFolder: z.boolean(),
    change: z.enum(['added', 'grew', 'shrank', 'went', 'changed']),
    files: count,
    difference: z.int(),
    compressed: z.int(),
  }),
)

const paths = listOf(folded, MOST_PATHS)
/** No image has more layers. */
const MOST_LAYERS = 1000

/** Why an image has its size, to the file, as a report file tells it. */
export const explanation: z.ZodType<SizeExplanation> = z.lazy(() =>
  z
    .object({
      layers: listOf(
        z.object({
          digest,
          replaces: digest.nullable(),
          createdBy: text.nullable(),
          files: count,
          difference: z.int(),
          byFolder: z.boolean().optional(),
          changes: z.object({ shown: paths, rest: z.object({ files: count, difference: z.int() }) }),
        }),
        MOST_LAYERS,
      ),
      unread: listOf(
        z.object({
          digest,
          createdBy: text.nullable(),
          size: bytes,
          cause: z.enum(['budget', 'foreign', 'paths', 'unreadable']),
          reason: text.nullable(),
        }),
        MOST_LAYERS,
      ),
      wasted: z
        .object({ bytes, unpacked: bytes, paths })
        .refine((wasted) => wasted.bytes <= wasted.unpacked, 'more is wasted than there is')
        .nullable(),
    })
    .refine(
      ({ layers }) => layers.reduce((sum, { changes }) => sum + changes.shown.length, 0) <= MOST_PATHS,
      `more than ${MOST_PATHS} paths`,
    ),
)
