import type { Units } from '../domain/quantities/bytes.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { EMPTY, join, link, prose } from './markdown/markdown.ts'
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
  return footerLine([runUrl === undefined ? EMPTY : link(prose`run`, runUrl), unitWords(units)])
}

/** As `footer`, with the formula that every size of the report is measured by. */
export function sizeFooter({ units, runUrl }: SummaryOptions): Markdown {
  const run = runUrl === undefined ? EMPTY : link(prose`run`, runUrl)
  return footerLine([FORMULA, run, unitWords(units)])
}

/** Small, below everything else; parts that are empty are left out. */
export function footerLine(parts: readonly Markdown[]): Markdown {
  const words = [prose`registry-warden`, ...parts.filter((part) => part !== '')]
  return prose`<sub>${join(words, prose` · `)}</sub>`
}

/** What a size is, in few words, with the page that says it in full. */
export const FORMULA = link(
  prose`formula`,
  'https://github.com/registry-warden/registry-warden/blob/main/docs/size.md#the-formula',
)

/** What the units of the numbers above mean. */
export function unitWords(units: Units): Markdown {
  return units === 'iec' ? prose`MiB = 1024² bytes` : prose`MB = 1000² bytes`
}
