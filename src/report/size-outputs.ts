import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { compactJson } from './compact-json.ts'
import { isSoft } from './size-breach.ts'
import { sizeJson } from './size-json.ts'
import { sizeResult } from './verdict.ts'

/** Every output of `mode: size`, by its name in `action.yml`; what this run has no value for is empty. */
export function sizeOutputs(report: SizeReport, units: Units): Record<string, string> {
  return {
    result: sizeResult(report),
    size: String(report.size),
    'size-human': formatBytes(report.size, units),
    'total-size': String(report.totalSize),
    'unique-size': String(report.uniqueSize),
    layers: String(report.layers),
    digest: report.images[0]?.digest ?? '',
    baseline: '',
    'baseline-size': '',
    'size-diff': '',
    'size-diff-percent': '',
    'pull-size': '',
    // a tolerated breach still is one: a workflow that tolerates it may want to know
    exceeded: String(report.breaches.some((breach) => !isSoft(breach))),
    'comment-url': '',
    json: compactJson(sizeJson(report, { layers: false })),
  }
}
