/** One line of the table. `can` is a fact about the registry, all others are judgements of a run. */
export interface Row {
  readonly verdict: 'can' | 'cannot' | 'right' | 'wrong' | 'untried'
  readonly what: string
  readonly detail: string
}

export const can = (what: string, is: boolean, detail = ''): Row => ({
  verdict: is ? 'can' : 'cannot',
  what,
  detail,
})

/** Right when nothing is wrong; at most five wrong things are told. */
export function judged(what: string, wrong: readonly string[], detail = ''): Row {
  if (wrong.length === 0) return { verdict: 'right', what, detail }
  const rest = wrong.length > 5 ? `, and ${wrong.length - 5} more` : ''
  return { verdict: 'wrong', what, detail: `${wrong.slice(0, 5).join(', ')}${rest}` }
}

const MARKS = { can: 'yes', cannot: 'no', right: 'right', wrong: 'WRONG', untried: '–' } as const

/** The rows as a Markdown table, which is readable on a terminal too. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, verdict, detail }) => [what, MARKS[verdict], detail.replaceAll('|', '\\|')])
  const all = [['what', 'answer', 'detail'], ...cells]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(column === 2 ? 0 : (widths[column] ?? 0))).join(' | ')} |`
  const rule = line(
    widths
      .slice(0, 2)
      .map((width) => '-'.repeat(width))
      .concat('------'),
  )
  return [line(all[0] ?? []), rule, ...all.slice(1).map(line)].join('\n')
}
