import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { SizeReport } from '../../domain/size/report.ts'
import { compactJson } from '../compact-json.ts'
import { isSoft } from './breach.ts'
import { sizeJson } from './json.ts'
import { sizeResult } from '../verdict.ts'
import type { SizeView } from './view.ts'

/** Every output of `mode: size`, by its name in `action.yml`; what this run has no value for is empty. */
export function sizeOutputs({ report, units }: SizeView): Record<string, string> {
  return {
    result: sizeResult(report),
    size: String(report.size),
    'size-human': formatBytes(report.size, units),
    'total-size': String(report.totalSize),
    'unique-size': String(report.uniqueSize),
    layers: String(report.layers),
    digest: report.images[0]?.digest ?? '',
    ...changeOutputs(report.change),
    'wasted-bytes': wastedBytes(report),
    // a tolerated breach still is one: a workflow that tolerates it may want to know
    exceeded: String(report.breaches.some((breach) => !isSoft(breach))),
    'comment-url': '',
    json: compactJson(sizeJson(report, { layers: false })),
  }
}

/** Empty where no image is known whole. */
function wastedBytes({ images }: SizeReport): string {
  const wasted = images.flatMap(({ platforms }) =>
    platforms.flatMap(({ explanation }) => explanation?.wasted?.bytes ?? []),
  )
  return wasted.length === 0 ? '' : String(Math.max(...wasted))
}

/** How the platform image that `size` tells of compares: `size` less `baseline-size` is `size-diff`. */
function changeOutputs(change: SizeReport['change']): Record<string, string> {
  const growth = change?.growth
  const known = growth?.state === 'changed' || growth?.state === 'unchanged' ? growth : null
  const pulled = growth === undefined || growth.state === 'unknown' ? null : growth.pullSize
  return {
    baseline: change?.baseline ?? '',
    'baseline-size': text(known?.baseline.judgedSize),
    'size-diff': text(known?.difference),
    'size-diff-percent': text(percent(known?.ratio)),
    'pull-size': text(pulled),
  }
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}

/** In hundredths of a percent, `6.13`: a number that shells and expressions can compare. */
function percent(ratio: number | null | undefined): number | null {
  return ratio === null || ratio === undefined ? null : Number((ratio * 100).toFixed(2))
}
