import { foldedList } from '../markdown/lists.ts'
import { EMPTY, foreignProse, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { plural, shortCommits } from '../markdown/words.ts'
import { noteOf } from './reason.ts'
import type { TagRow } from './rows.ts'

const OPEN_NOTES = 5
const NOTE_LENGTH = 600
const LABELS = { skipped: 'skipped', failed: 'failed' } as const

interface SharedNote {
  readonly label: keyof typeof LABELS
  readonly note: string
  readonly count: number
}

/** What the registry or its limits say of several tags alike: once above the table, not in each row. */
function sharedNotes(rows: readonly TagRow[]): SharedNote[] {
  const notes = rows.flatMap(({ label, tag }) => {
    const note = noteOf(tag)
    return note !== null && (label === 'skipped' || label === 'failed') ? [{ label, note }] : []
  })
  const groups = Map.groupBy(notes, ({ label, note }) => JSON.stringify([label, note]))
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined || same.length < 2) return []
    return [{ label: first.label, note: first.note, count: same.length }]
  })
}

/** The notes that `notesBlock` has told, for the rows to leave out. */
export function toldNotes(rows: readonly TagRow[]): ReadonlySet<string> {
  return new Set(sharedNotes(rows).map(({ note }) => note))
}

/** "**4 tags skipped:** this registry cannot remove one tag of a shared digest". */
export function notesBlock(rows: readonly TagRow[], most: number): Markdown {
  const notes = sharedNotes(rows)
  if (notes.length === 0) return EMPTY
  const draw = ({ label, note, count }: SharedNote): Markdown =>
    prose`**${own(plural(count, 'tag'))} ${own(LABELS[label])}:** ${foreignProse(shortCommits(note), NOTE_LENGTH)}`
  const [only] = notes
  if (only !== undefined && notes.length === 1) return draw(only)
  return foldedList(notes, draw, { open: OPEN_NOTES, written: most, noun: 'reason' })
}
