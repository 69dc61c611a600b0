import { z } from 'zod'

import type { Baseline, Growth } from '../domain/growth/growth.ts'
import { bytes, count, digest, longList, name, origin, platform, text, time } from './report-fields.ts'

const changedLayer = z.lazy(() => z.object({ digest, size: bytes, from: origin }).nullable())

const known = z.lazy(() =>
  z.object({
    state: z.enum(['changed', 'unchanged']),
    baseline: z.object({ digest, size: bytes, judgedSize: bytes, estimated: z.boolean() }),
    difference: z.int(),
    ratio: z.number().nullable(),
    pullSize: bytes.nullable(),
    layers: longList(
      z.object({
        change: z.enum(['shared', 'replaced', 'added', 'removed']),
        createdBy: text.nullable(),
        before: changedLayer,
        after: changedLayer,
      }),
    ),
    recompressed: z.object({ from: name, to: name }).nullable(),
    estimated: z.boolean(),
  }),
)

/** How a platform image compares, as a report file tells it. */
export const growth: z.ZodType<Growth> = z.lazy(() =>
  z.discriminatedUnion('state', [
    known,
    z.object({ state: z.literal('new'), pullSize: bytes.nullable() }),
    z.object({ state: z.literal('unknown'), cause: z.enum(['unread', 'incomparable']), reason: text }),
  ]),
)

const skipped = longList(z.object({ entry: name, cause: z.enum(['absent', 'pointless']), reason: text }))

/** What an image was compared with, as a report file tells it. */
export const baseline: z.ZodType<Baseline> = z.lazy(() =>
  z.discriminatedUnion('state', [
    z.object({
      state: z.literal('found'),
      skipped,
      name,
      digest,
      created: time,
      entry: name,
      placeholders: z.array(z.enum(['merge-base', 'base-sha', 'base-ref'])).max(10),
      removed: longList(z.object({ platform, digest, size: bytes })),
    }),
    z.object({ state: z.literal('missing'), skipped }),
    z.object({ state: z.literal('unread'), skipped, name, reason: text }),
  ]),
)

/** The base image of a platform image. */
export const base = z.lazy(() => z.object({ name, digest, layers: count, size: bytes }))
