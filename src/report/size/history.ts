import type { SizeEntry, HistoryPoint } from '../../domain/history/history.ts'
import { curveOf } from '../../domain/history/history.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { columnTable } from '../markdown/columns.ts'
import { EMPTY, blocks, code, details, join, markup, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { formatGrowth, plural } from '../markdown/words.ts'
import { growthCauses } from './cause.ts'
import { MOST_BARS, barChart } from './chart.ts'
import type { SizeView } from './view.ts'

/** A history, and which part of it is shown. */
export interface DrawnHistory {
  readonly entries: readonly SizeEntry[]
  readonly ref: string
  /** the commit of this run; null where the run added nothing */
  readonly commit: string | null
}

const MOST_CURVES = 3
const MOST_STEPS = 10
const INSTRUCTION_LENGTH = 80
/** A smaller step is the same image, built again. */
const WORTH_A_STEP = 0.001

/** How each repository went from push to push, with the steps that made it so. */
export function historyPart(view: SizeView, { entries, ref, commit }: DrawnHistory): Markdown {
  const repositories = new Set(view.report.images.map(({ repository, name }) => repository ?? name))
  const curves = [...repositories]
    .map((repository) => ({ repository, points: curveOf(entries, repository, ref) }))
    .filter(({ points }) => points.length > 1)
  const isOnly = repositories.size === 1
  return blocks(
    ...curves.slice(0, MOST_CURVES).map(({ repository, points }) => {
      const of = isOnly ? EMPTY : prose` of ${code(repository)}`
      const branch = code(ref.replace(/^refs\/(?:heads|tags)\//, ''))
      const step = Math.ceil(points.length / MOST_BARS)
      const some = step === 1 ? EMPTY : prose`, one in ${step} of ${points.length} commits`
      return blocks(
        barChart(
          prose`**Size over time**${of} on ${branch}${some}`,
          thinned(points, step).map(({ commit: name, size }) => ({ label: name.slice(0, 7), size })),
          'commits',
          null,
          view.units,
        ),
        stepTable(view, repository, points, commit),
      )
    }),
  )
}

/** A long history as a whole, up to the newest: its last commits alone would hide how it grew. */
function thinned(points: readonly HistoryPoint[], step: number): readonly HistoryPoint[] {
  return points.filter((_, at) => (points.length - 1 - at) % step === 0)
}

interface Step extends HistoryPoint {
  readonly difference: number
  readonly before: number
}

function stepTable(
  view: SizeView,
  repository: string,
  points: readonly HistoryPoint[],
  commit: string | null,
): Markdown {
  const steps = points
    .flatMap((point, i): Step[] => {
      const before = points[i - 1]?.size
      return before === undefined ? [] : [{ ...point, before, difference: point.size - before }]
    })
    .filter(({ difference, before }) => Math.abs(difference) > before * WORTH_A_STEP)
    .slice(-MOST_STEPS)
    .reverse()
  if (steps.length === 0) return EMPTY
  const cause = causeOf(view, repository)
  return details(
    markup`Last ${own(plural(steps.length, 'step'))}`,
    columnTable<Step>(
      [
        { title: prose`Commit`, align: 'left', cell: ({ commit: name }) => code(`${name.slice(0, 7)}…`) },
        { title: prose`Change`, align: 'right', cell: (step) => unbroken(changeOf(step, view.units)) },
        {
          title: prose`Now`,
          align: 'right',
          cell: ({ size }) => unbroken(own(formatBytes(size, view.units))),
        },
        {
          title: prose`Instruction`,
          align: 'left',
          when: cause !== EMPTY && steps.some((step) => step.commit === commit),
          cell: (step) => (step.commit === commit ? cause : EMPTY),
        },
      ],
      steps,
    ),
  )
}

function changeOf({ difference, before }: Step, units: Units) {
  return own(formatGrowth(difference, before === 0 ? null : difference / before, units))
}

/** What made the largest growth of this run, where there is a baseline to tell it by. */
function causeOf({ rows }: SizeView, repository: string): Markdown {
  const row = rows.find(
    ({ image, platform }) =>
      (image.repository ?? image.name) === repository && growthCauses(platform).length > 0,
  )
  const instructions = row === undefined ? [] : growthCauses(row.platform)
  return join(
    instructions.flatMap(({ change: { createdBy } }) =>
      createdBy === null ? [] : [code(createdBy, INSTRUCTION_LENGTH)],
    ),
    prose`, `,
  )
}
