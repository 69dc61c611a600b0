import { splitLayers } from '../../src/domain/growth/base.ts'
import { compareWith, withoutBaseline } from '../../src/domain/growth/compare.ts'
import type { ReadBaseline } from '../../src/domain/growth/compare.ts'
import type { SkippedEntry } from '../../src/domain/growth/growth.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import type { Layer, MeasuredImage, MeasuredPlatform } from '../../src/domain/size/report.ts'
import { digestOf } from './fixtures.ts'

export interface Comparison extends Partial<Omit<ReadBaseline, 'image'>> {
  readonly minimumChange?: number
  readonly ignoreBase?: boolean
}

/** The image with its growth since `old`, compared the way the action does. */
export function compared(
  next: MeasuredImage,
  old: MeasuredImage,
  { minimumChange = 1024, ignoreBase = false, ...how }: Comparison = {},
): MeasuredImage {
  const baseline: ReadBaseline = {
    name: old.name,
    entry: ':sha-{merge-base}',
    placeholders: ['merge-base'],
    skipped: [],
    incomplete: null,
    ...how,
    image: old,
  }
  return compareWith(next, baseline, { minimumChange: asBytes(minimumChange), ignoreBase })
}

export function absent(entry: string, name: string): SkippedEntry {
  return { entry, cause: 'absent', reason: `${name} does not exist` }
}

export function withoutAny(next: MeasuredImage): MeasuredImage {
  return withoutBaseline(next, { state: 'missing', skipped: [absent(':main', `${next.repository}:main`)] })
}

export function unread(next: MeasuredImage): MeasuredImage {
  const name = `${next.repository}:main`
  const reason = `the baseline ${name} could not be read: HTTP 503`
  return withoutBaseline(next, { state: 'unread', name, reason, skipped: [] })
}

/** The platform image on a base of the first `count` layers. */
export function onBase(
  platform: MeasuredPlatform,
  name: string,
  count: number,
  { judgeOwn = false } = {},
): MeasuredPlatform {
  const layers = platform.layers.slice(0, count).map(({ digest }: Layer) => digest)
  const split = splitLayers(platform, [{ name, digest: digestOf(`${name} ${count}`), layers }])
  return judgeOwn ? { ...split, judgedSize: split.ownSize } : split
}
