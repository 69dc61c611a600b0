import { formatBytes } from '../../domain/quantities/bytes.ts'
import { isJudged, sizeResult } from '../verdict.ts'
import type { SizeView } from './view.ts'

/** An endpoint badge (https://shields.io/badges/endpoint-badge). */
export interface Badge {
  readonly schemaVersion: 1
  readonly label: string
  readonly message: string
  readonly color: string
}

const COLORS = { pass: 'brightgreen', warn: 'yellow', partial: 'yellow', fail: 'red' } as const

/** The size as `size-human` says it, in the colour of the verdict; blue where nothing was judged. */
export function sizeBadge({ report, units }: SizeView): Badge {
  const result = sizeResult(report)
  const color = result === 'pass' && !isJudged(report) ? 'blue' : COLORS[result]
  return { schemaVersion: 1, label: 'image size', message: formatBytes(report.size, units), color }
}
