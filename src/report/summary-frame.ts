import type { Units } from '../domain/quantities/bytes.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { EMPTY, link, prose } from './markdown/markdown.ts'
import type { Markdown } from './markdown/markdown.ts'

export interface SummaryOptions {
  readonly units: Units
  readonly now: Timestamp
  /** the page of the workflow run */
  readonly runUrl?: string
}

/** GitHub drops a step's summary above 1 MiB, and renders slowly far below that. */
export const SUMMARY_MAX_BYTES = 512 * 1024

/** The last line of every summary: who wrote it, where, and in which units. */
export function footer({ units, runUrl }: SummaryOptions): Markdown {
  const run = runUrl === undefined ? EMPTY : prose` · ${link(prose`run`, runUrl)}`
  return prose`<sub>registry-warden${run} · ${unitWords(units)}</sub>`
}

/** What the units of the numbers above mean. */
export function unitWords(units: Units): Markdown {
  return units === 'iec' ? prose`MiB = 1024² bytes` : prose`MB = 1000² bytes`
}
