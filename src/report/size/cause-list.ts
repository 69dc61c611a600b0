import { shortDigest } from '../../domain/names/digest.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, code, escapeText, join, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { listed } from '../markdown/words.ts'
import { causeKeyOf, growthCauses, grownBy } from './cause.ts'
import type { SizeRow } from './rows.ts'
import type { LayerLine } from './tally.ts'
import type { SizeView } from './view.ts'

const INSTRUCTION_LENGTH = 100
const OPEN_CAUSES = 3

/** Platform images of one image that grew for one cause: the same instructions made their layers larger. */
interface CauseGroup {
  readonly rows: readonly SizeRow[]
  /** the largest growth of any of them, as the instructions share it */
  readonly lines: readonly LayerLine[]
}

/** What made images grow: of each image each cause once, with the platforms it is the cause for. */
export function causeList(view: SizeView, written: number): Markdown {
  const grown = view.rows.flatMap((row) => {
    const lines = growthCauses(row.platform)
    return lines.length === 0 ? [] : [{ row, lines }]
  })
  const groups = [
    ...Map.groupBy(grown, ({ row, lines }) => `${row.image.name} ${causeKeyOf(lines)}`).values(),
  ].map((same): CauseGroup => ({
    rows: same.map(({ row }) => row),
    lines: same[0]?.lines ?? [],
  }))
  const [first] = groups
  const draw = (group: CauseGroup): Markdown => prose`${causeWords(group, view.units)}${whose(group, view)}`
  if (first === undefined || written === 0) return EMPTY
  if (groups.length === 1) return prose`Mostly: ${draw(first)}`
  return blocks(prose`Mostly:`, foldedList(groups, draw, { open: OPEN_CAUSES, written, noun: 'cause' }))
}

/** Which platform images it is the cause for; empty where that is all of them. */
function whose({ rows }: CauseGroup, { rows: all }: SizeView): Markdown {
  const [first] = rows
  if (first === undefined || rows.length === all.length) return EMPTY
  const platforms = rows.flatMap(({ platform: { platform } }) => platform ?? []).map(formatPlatform)
  const words = [
    ...(first.name === null ? [] : [code(first.name)]),
    ...(platforms.length === 0 ? [] : [escapeText(listed(platforms))]),
  ]
  return words.length === 0 ? EMPTY : prose` (${join(words, prose` `)})`
}

function causeWords({ lines, rows }: CauseGroup, units: Units): Markdown {
  const isSpread = rows.some(
    ({ platform }) => !growthCauses(platform).every((line, i) => grownBy(line) === grownBy(lines[i] ?? line)),
  )
  const words = lines.map((line) => {
    const { createdBy, after } = line.change
    const layer = after === null ? EMPTY : prose`layer ${code(`${shortDigest(after.digest)}…`)}`
    const made = createdBy === null ? layer : code(createdBy, INSTRUCTION_LENGTH)
    const change = unbroken(own(formatChange(grownBy(line), units)))
    return prose`${made} ${isSpread ? prose`up to ` : EMPTY}${change}`
  })
  return join(words, prose`, `)
}
