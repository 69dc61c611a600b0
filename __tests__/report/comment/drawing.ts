import type { SizeReport } from '../../../src/domain/size/report.ts'
import { renderComment } from '../../../src/report/comment/body.ts'
import type { CommentOptions } from '../../../src/report/comment/body.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { RUN_URL } from '../fixtures.ts'
import { growthExamples } from '../growth-examples.ts'

export const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f80918273645'

/** Both bodies, with blanks for what is not to be broken. */
export function drawComment(
  value: SizeReport,
  { units = 'iec', ...options }: Partial<CommentOptions> = {},
): { readonly current: string; readonly resolved: string } {
  const bodies = renderComment(sizeView(value, units), { runUrl: RUN_URL, commit: COMMIT, ...options })
  return {
    current: bodies.current.replaceAll('\u00A0', ' '),
    resolved: bodies.resolved.replaceAll('\u00A0', ' '),
  }
}

export function commentOf(name: string): string {
  return drawComment(growthExamples[name]!()).current
}

/** Cells of the table in the fold that begins so, without its head. */
export function foldedRowsOf(body: string, summary: string): string[][] {
  const start = body.indexOf(`<summary>${summary}`)
  const end = body.indexOf('</details>', start)
  const lines = body
    .slice(start, end)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('*', '')),
  )
}
