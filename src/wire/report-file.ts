import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import { asBytes, sumBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { totalsOf } from '../domain/size/judge.ts'
import { distinctBlobs, largest, storedSize } from '../domain/size/measure.ts'
import type { Breach, Layer, JudgedImage, JudgedPlatform, SizeReport } from '../domain/size/report.ts'
import type { NamedImage } from '../domain/size/scoped-rule.ts'
import { parseJsonObject, readAs } from './json.ts'
import { contradictionsIn } from './report-verdict.ts'
import {
  bytes,
  count,
  digest,
  longList,
  name,
  origin,
  platform,
  severity,
  text,
  time,
} from './report-fields.ts'
import { explanation } from './report-explanation.ts'
import { base, baseline, growth } from './report-growth.ts'

/** Largest report file that is read. */
export const MAX_REPORT_BYTES = 5 * 1024 * 1024

const appliedLimit = z.lazy(() => z.object({ bytes, rule: text, severity }))
const limit = z.lazy(() => appliedLimit.nullable())
const verdict = z.enum(['pass', 'warn', 'fail'])

const layer: z.ZodType<Layer> = z.lazy(() =>
  z.object({
    digest,
    size: bytes,
    mediaType: name,
    createdBy: text.nullable(),
    from: origin,
    foreign: z.boolean(),
    throwaway: z.boolean(),
  }),
)

const platformFields = z.lazy(() =>
  z.object({
    platform,
    digest,
    size: bytes,
    config: z.object({ digest, size: bytes }).nullable(),
    layers: longList(layer),
    base: base.nullable(),
    judgedSize: bytes,
    estimated: z.boolean(),
    compression: z.enum(['gzip', 'zstd', 'none', 'mixed']).nullable(),
    created: time,
    limit,
    growth: growth.nullable(),
    growthLimit: limit,
    isLimited: z.boolean(),
    unjudged: z.enum(['max-increase', 'warn-increase']).optional(),
    wastedLimit: appliedLimit.optional(),
    explanation: explanation.optional(),
    // said again by `growth`, for other readers than this one
    baseline: z.object({ image: name, digest, size: bytes }).nullable(),
    pullSize: bytes.nullable(),
    verdict: z.enum([...verdict.options, 'new']),
  }),
)

const platformImage = platformFields.transform(withSums)

const image = z.lazy(() =>
  z
    .object({
      image: name,
      names: longList(name),
      repository: name.nullable(),
      tag: name.nullable(),
      digest,
      mediaType: name,
      kind: z.enum(['image', 'index', 'artifact', 'schema1', 'unknown']),
      created: time,
      platforms: longList(platformImage),
      baseline: baseline.nullable(),
      size: bytes,
      uniqueSize: bytes,
    })
    .transform(({ image, names, ...wire }): JudgedImage => ({
      ...wire,
      name: image,
      names: [
        { name: image, tag: wire.tag },
        ...names.filter((other) => other !== image).map((other) => namedIn(wire.repository, other)),
      ],
      size: largest(wire.platforms.map(({ size }) => size)),
      uniqueSize: storedSize(wire.platforms),
    })),
)

/** A name with its tag: what follows the repository and its colon. */
function namedIn(repository: string | null, name: string): NamedImage {
  const [, tag = null] = /:([^:/@]+)(?:@.*)?$/.exec(name.slice(repository?.length ?? 0)) ?? []
  return { name, tag }
}

const breach: z.ZodType<Breach> = z.lazy(() =>
  z.object({
    limit: z.enum([
      'max-size',
      'warn-size',
      'max-layers',
      'max-layer-size',
      'max-increase',
      'warn-increase',
      'max-wasted',
      'warn-wasted',
    ]),
    severity,
    image: name,
    platform,
    digest,
    actual: count,
    allowed: count,
    rule: text,
    layer: text.nullable(),
    reason: text.nullable(),
  }),
)

const report = z.lazy(() =>
  z
    .object({
      schemaVersion: z.literal(1),
      mode: z.literal('size'),
      result: z.enum([...verdict.options, 'partial']),
      images: longList(image),
      size: bytes,
      totalSize: bytes,
      uniqueSize: bytes,
      verdict,
      breaches: longList(breach),
      notices: longList(text),
      warnings: longList(text),
      partial: z.boolean(),
      unmeasured: longList(text),
      leniency: text.nullable(),
      overrideLabel: text.nullable(),
    })
    .superRefine((wire, context) => {
      for (const message of contradictionsIn(wire)) context.addIssue({ code: 'custom', message })
    })
    .transform((wire): SizeReport => ({
      verdict: wire.verdict,
      images: wire.images,
      ...totalsOf(wire.images),
      breaches: wire.breaches,
      notices: wire.notices,
      warnings: wire.warnings,
      partial: wire.partial,
      unmeasured: wire.unmeasured,
      leniency: wire.leniency,
      overrideLabel: wire.overrideLabel,
    })),
)

/**
 * Reads a report file, which the job of a stranger may have written, into the report it was made from. All of
 * it is checked, and only what is known is taken: no Markdown, no pull request. Sums are made here, so that
 * they agree with what is shown beside them.
 * @throws WardenError of kind `protocol`
 */
export function parseReportFile(content: Buffer): SizeReport {
  const what = 'the report file'
  if (content.length > MAX_REPORT_BYTES) {
    throw new WardenError('protocol', `${what} has more than ${MAX_REPORT_BYTES} bytes`, {
      advice: 'Measure fewer images in one step, or use a report file for each',
    })
  }
  return readAs(report, parseJsonObject(content, what), what)
}

/** What a platform image says of itself; its sums are made by the formula of `measurePlatform` once more. */
function withSums(wire: z.infer<typeof platformFields>, context: z.RefinementCtx): JudgedPlatform {
  const { baseline: _, pullSize: __, verdict: said, config, layers, explanation: told, ...rest } = wire
  const size = sumOf([...(config ? [config] : []), ...layers])
  const brought = sumOf(layers.slice(0, rest.base?.layers ?? 0))
  const ownSize = asBytes(size - brought)
  if (rest.base !== null && rest.base.layers > layers.length) {
    context.addIssue({ code: 'custom', message: 'the base image has more layers than the image' })
  }
  if (rest.judgedSize !== size && rest.judgedSize !== ownSize) {
    context.addIssue({ code: 'custom', message: 'judgedSize is neither the size nor the own size' })
  }
  return {
    ...rest,
    config,
    layers,
    base: rest.base === null ? null : { ...rest.base, size: brought },
    size,
    ownSize,
    ...(told === undefined ? {} : { explanation: told }),
    foreignSize: sumOf(layers.filter(({ foreign }) => foreign)),
    verdict: said === 'new' ? 'pass' : said,
  }
}

function sumOf(blobs: readonly Pick<Layer, 'digest' | 'size'>[]): Bytes {
  return sumBytes(distinctBlobs(blobs).values())
}
