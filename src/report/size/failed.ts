import { blocks, bullets, foreignProse, heading, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { sizeFooter } from '../summary-frame.ts'
import type { SummaryOptions } from '../summary-frame.ts'

/** The job summary of a run that measured nothing: why, where people look first. */
export function renderFailedSize(line: string, options: SummaryOptions): Markdown {
  return blocks(
    heading(3, prose`Image size: ❌ nothing was measured`),
    bullets([foreignProse(line)]),
    sizeFooter(options),
  )
}
