import type { Row } from './row.ts'

/** The answers that the table in `docs/registries.md` shows, by what they are called there. */
const COLUMNS: Readonly<Record<string, string>> = {
  'one tag of two': 'removes one tag of two',
  'a digest': 'deletes a digest with two tags',
  'its tags too': 'its tags go with it',
  'not its children': 'its children stay',
  referrers: 'lists referrers',
  'index of indexes': 'takes an index of indexes',
  'keeps blobs': 'keeps blobs until it collects garbage',
  prune: 'a prune loses nothing',
  undo: 'an undo brings everything back',
}

const MARKS = { can: 'yes', cannot: 'no', right: 'right', wrong: 'WRONG', untried: '–' } as const

export const SUMMARY_HEADER: readonly string[] = ['set-up', ...Object.keys(COLUMNS)]

/** One set-up as a row of that table; a dash for what could not be tried there. */
export function summaryOf(name: string, rows: readonly Row[]): readonly string[] {
  const verdicts = new Map(rows.map(({ what, verdict }) => [what, MARKS[verdict]]))
  return [name, ...Object.values(COLUMNS).map((what) => verdicts.get(what) ?? '–')]
}
