import { shortDigest } from '../../domain/names/digest.ts'
import type { UndoReport } from '../../domain/prune/undo-outcome.ts'
import { UNBROKEN_NAME, columnTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { fit } from '../markdown/fitting.ts'
import { foldedList } from '../markdown/lists.ts'
import {
  EMPTY,
  blocks,
  code,
  details,
  foreignProse,
  heading,
  link,
  markup,
  own,
  prose,
  unbroken,
} from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { plural, shortCommits } from '../markdown/words.ts'
import { commonFolder } from '../common-folder.ts'
import { SUMMARY_MAX_BYTES, footerLine } from '../summary-frame.ts'
import type { SummaryOptions } from '../summary-frame.ts'
import { nameOf, undoHeadline, undoRemark, undoRows, undoneNote } from './log.ts'
import type { UndoRow } from './log.ts'

const NAME_LENGTH = 255
const NOTE_LENGTH = 300
const REMARK_LENGTH = 2_000
const OPEN_PROBLEMS = 20
const FEW_NAMES = 20

/** The job summary of `mode: undo`: the verdict, what is not as it was and why, then what is. */
export function renderUndoSummary(report: UndoReport, options: SummaryOptions): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, options, 1_000),
    () => draw(report, options, 200),
    () => draw(report, options, 20),
  ])
}

function draw(report: UndoReport, { runUrl }: SummaryOptions, written: number): Markdown {
  const remark = undoRemark(report)
  const rows = undoRows(report)
  const having = (status: UndoRow['status']): UndoRow[] => rows.filter((row) => row.status === status)
  return blocks(
    heading(3, prose`Undo: ${own(undoHeadline(report))}`),
    remark === null ? EMPTY : prose`${foreignProse(remark, REMARK_LENGTH)}`,
    problemList(prose`**Not put back:**`, having('failed'), written),
    problemList(prose`**Moved since the prune,** so these tags stay as they are:`, having('moved'), written),
    namesTable(
      rows.filter(({ status }) => status === 'restored' || status === 'present'),
      written,
    ),
    footerLine([runUrl === undefined ? EMPTY : link(prose`run`, runUrl)]),
  )
}

function problemList(title: Markdown, rows: readonly UndoRow[], written: number): Markdown {
  if (rows.length === 0) return EMPTY
  const draw = (row: UndoRow): Markdown => {
    const why =
      row.note === null ? EMPTY : prose`: ${foreignProse(shortCommits(undoneNote(row.note)), NOTE_LENGTH)}`
    return prose`${code(shortCommits(nameOf(row)), NAME_LENGTH)}${why}`
  }
  return blocks(title, foldedList(rows, draw, { open: OPEN_PROBLEMS, written, noun: 'name' }))
}

/** What is there again: few names at once, many folded. */
function namesTable(rows: readonly UndoRow[], written: number): Markdown {
  if (rows.length === 0) return EMPTY
  const shown = rows.slice(0, written)
  const left = rows.length - shown.length
  const repositories = new Set(rows.map(({ repository }) => repository))
  const [only] = repositories.size === 1 ? repositories : []
  const names = blocks(
    only === undefined ? EMPTY : prose`In ${code(only, NAME_LENGTH)}:`,
    columnTable(columnsOf(rows), shown),
    left === 0 ? EMPTY : prose`${own(plural(left, 'more name'))}, counted but not listed here.`,
  )
  return rows.length <= FEW_NAMES
    ? names
    : details(markup`${own(plural(rows.length, 'name'))} as before`, names)
}

function columnsOf(rows: readonly UndoRow[]): Column<UndoRow>[] {
  const repositories = [...new Set(rows.map(({ repository }) => repository))]
  const folder = repositories.length === 1 ? '' : commonFolder(repositories)
  return [
    {
      title: prose`Tag`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      cell: ({ tag }) => (tag === null ? prose`*untagged*` : code(shortCommits(tag), NAME_LENGTH)),
    },
    {
      title: prose`Outcome`,
      align: 'left',
      cell: ({ status }) => unbroken(status === 'present' ? own('there already') : own('put back')),
    },
    {
      title: prose`Repository`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      when: repositories.length > 1,
      cell: ({ repository }) => code(repository.slice(folder.length), NAME_LENGTH),
    },
    { title: prose`Digest`, align: 'left', cell: ({ digest }) => code(`${shortDigest(digest)}…`) },
  ]
}
