import type { ExplainedLayer, SizeExplanation, UnreadLayer } from '../../domain/explain/explanation.ts'
import type { FoldedChange } from '../../domain/explain/fold.ts'
import type { WastedBytes } from '../../domain/explain/wasted.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes, formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { cutMiddle, sanitiseLine } from '../../domain/text.ts'
import { columnTable } from '../markdown/columns.ts'
import {
  EMPTY,
  blocks,
  bullets,
  code,
  details,
  escapeText,
  htmlCode,
  join,
  markup,
  own,
  prose,
  unbroken,
} from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { formatShare, listed, plural } from '../markdown/words.ts'
import { knownGrowth, nameOfLimit } from './growth.ts'
import type { SizeRow } from './rows.ts'
import type { SizeView } from './view.ts'

export interface FilesExtent {
  /** platform images whose files are told */
  readonly images: number
  /** paths that are told at once */
  readonly open: number
  /** paths in the fold, to the byte; none: no fold */
  readonly folded: number
}

const PATH_LENGTH = 80
const INSTRUCTION_LENGTH = 60
/** beside a long path there is no room for more */
const INSTRUCTION_IN_TABLE = 32
const MOST_UNREAD = 5
const RULE_LENGTH = 20
const LOGGED_IMAGES = 20

/** A path, and the layer that it is of. */
interface Line {
  readonly change: FoldedChange
  readonly layer: ExplainedLayer
}

/** Which files made images what they are, of `explain: files`: the largest at once, more of them folded. */
export function filesPart(rows: readonly SizeRow[], units: Units, extent: FilesExtent): Markdown {
  const explained = rows.flatMap((row): Explained[] => {
    const { explanation } = row.platform
    if (explanation === undefined || isSilent(explanation)) return []
    return [{ row, explanation, lines: largestLines(explanation) }]
  })
  const shown = explained.slice(0, extent.images)
  const groups = Map.groupBy(shown, (one) => sameness(one, extent.open))
  return blocks(...Array.from(groups.values(), (group) => groupPart(group, units, extent)))
}

function isSilent({ layers, unread }: SizeExplanation): boolean {
  return layers.every(({ changes }) => changes.shown.length === 0) && unread.length === 0
}

/** A platform image with what explains it, the largest paths first. */
interface Explained {
  readonly row: SizeRow
  readonly explanation: SizeExplanation
  readonly lines: readonly Line[]
}

/** Whether paths changed against a baseline; without one they are what the image is made of. */
function isCompared({ platform }: SizeRow): boolean {
  return knownGrowth(platform) !== null
}

/** A change with its sign, or a size, which has none. */
function amountText(bytes: number, row: SizeRow, units: Units): string {
  return isCompared(row) || bytes < 0 ? formatChange(bytes, units) : formatBytes(bytes, units)
}

/** Equal for platforms of one image of which the same paths are told: said once, a reader sees what they share. */
function sameness({ row, lines }: Explained, open: number): string {
  const told = lines.slice(0, open).map(({ change: { path, change } }) => [path, change])
  return JSON.stringify([row.image.name, isCompared(row), told.length === 0 ? row.platform.digest : told])
}

function groupPart(group: readonly Explained[], units: Units, { open, folded }: FilesExtent): Markdown {
  const rows = group.map(({ row }) => row)
  const told = group[0]?.lines.slice(0, open) ?? []
  const notes = group.flatMap(({ explanation }) => [
    byFolderNote(explanation.layers),
    unreadNote(explanation.unread, units),
  ])
  return blocks(
    told.length === 0
      ? EMPTY
      : blocks(
          prose`**Files${subjectOf(rows)}**, unpacked:`,
          bullets(told.map((_, at) => toldOf(group, at, units))),
        ),
    ...group.map(({ row, lines }) =>
      lines.length > 0 && folded > 0 ? fold(row, lines.slice(0, folded), lines.length, units) : EMPTY,
    ),
    ...new Set(notes),
  )
}

/** One path of all platforms of a group: the largest change of any. */
function toldOf(group: readonly Explained[], at: number, units: Units): Markdown {
  const [first] = group
  const changes = group.flatMap(({ lines }) => lines[at]?.change ?? [])
  const [most] = changes.toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
  if (first === undefined || most === undefined) return EMPTY
  const isSame = changes.every(({ difference }) => difference === most.difference)
  return lineOf(most, `${isSame ? '' : 'up to '}${amountText(most.difference, first.row, units)}`)
}

function largestLines({ layers }: SizeExplanation): Line[] {
  return layers
    .flatMap((layer) => layer.changes.shown.map((change) => ({ change, layer })))
    .toSorted((a, b) => Math.abs(b.change.difference) - Math.abs(a.change.difference))
}

/** `/usr/share/fonts` +12.1 MiB, 38 files */
function lineOf(change: FoldedChange, amount: string): Markdown {
  const { path, isFolder, files } = change
  const count = isFolder ? `, ${plural(files, 'file')}` : ''
  return prose`${pathCode(path)} ${unbroken(own(`${amount}${count}`))}${remark(change)}`
}

function remark({ change, difference }: FoldedChange): Markdown {
  if (change !== 'went') return EMPTY
  return difference === 0 ? prose` (removed, but still in a layer below)` : prose` (removed)`
}

function pathCode(path: string): Markdown {
  return code(shownPath(path))
}

/** A path from outside as people read it: from the root, harmless, cut where it says least. */
function shownPath(path: string): string {
  return cutMiddle(`/${path}`, PATH_LENGTH)
}

/** ` in api:pr linux/amd64, linux/arm64`. */
function subjectOf(rows: readonly SizeRow[]): Html {
  const name = rows[0]?.name ?? null
  const platforms = rows.flatMap(({ platform: { platform } }) => platform ?? []).map(formatPlatform)
  const where = platforms.length === 0 ? EMPTY : markup` ${escapeText(listed(platforms))}`
  if (name !== null) return markup` in ${htmlCode(name)}${where}`
  return where === EMPTY ? EMPTY : markup` in${where}`
}

/** Bytes to the last one: these are what a file system has, so that they can be looked up there. */
function fold(row: SizeRow, lines: readonly Line[], all: number, units: Units): Markdown {
  const some = lines.length < all ? `${lines.length} of ${all} paths` : plural(all, 'path')
  const hasLayers = new Set(lines.map(({ layer }) => layer.digest)).size > 1
  return details(
    markup`${own(some)}${subjectOf([row])}`,
    columnTable<Line>(
      [
        { title: prose`Path`, align: 'left', cell: ({ change }) => pathCode(change.path) },
        {
          title: isCompared(row) ? prose`Change` : prose`Size`,
          align: 'right',
          cell: ({ change }) => unbroken(own(amountText(change.difference, row, units))),
        },
        {
          title: prose`Bytes`,
          align: 'right',
          cell: ({ change: { difference } }) =>
            own(isCompared(row) ? signed(difference) : String(difference)),
        },
        {
          title: prose`Compressed`,
          align: 'right',
          cell: ({ change }) => unbroken(own(`≈ ${amountText(change.compressed, row, units)}`)),
        },
        { title: prose`Files`, align: 'right', cell: ({ change }) => own(String(change.files)) },
        {
          title: prose`Layer`,
          align: 'left',
          when: hasLayers,
          cell: ({ layer }) => layerName(layer, INSTRUCTION_IN_TABLE),
        },
      ],
      lines,
    ),
  )
}

function signed(difference: number): string {
  return difference > 0 ? `+${difference}` : String(difference)
}

function layerName(
  { createdBy, digest }: Pick<UnreadLayer, 'createdBy' | 'digest'>,
  length = INSTRUCTION_LENGTH,
): Markdown {
  return code(createdBy ?? shortDigest(digest), length)
}

function byFolderNote(layers: readonly ExplainedLayer[]): Markdown {
  const summed = layers.filter(({ byFolder = false }) => byFolder)
  if (summed.length === 0) return EMPTY
  const names = summed.slice(0, MOST_UNREAD).map((layer) => layerName(layer))
  const left = summed.length - names.length
  const more = left === 0 ? EMPTY : prose` and ${left} more`
  return prose`Compared folder by folder, since there are too many files: ${join(names, prose`, `)}${more}.`
}

function unreadNote(unread: readonly UnreadLayer[], units: Units): Markdown {
  const beyond = unread.filter(({ cause }) => cause === 'budget')
  if (beyond.length === 0) return EMPTY
  const named = beyond
    .slice(0, MOST_UNREAD)
    .map((layer) => prose`${layerName(layer)} (${unbroken(own(formatBytes(layer.size, units)))})`)
  const left = beyond.length - named.length
  const more = left === 0 ? EMPTY : prose` and ${left} more`
  return prose`Not looked into, for lack of \`explain-budget\`: ${join(named, prose`, `)}${more}.`
}

/** What images waste, and where; nothing is told of only where a limit allows so much. */
export function wasteNotes(rows: readonly SizeRow[], units: Units, most: number): Markdown {
  const notes = rows.flatMap((row) => {
    const { wasted = null } = row.platform.explanation ?? {}
    if (wasted === null || (wasted.bytes === 0 && row.platform.wastedLimit === undefined)) return []
    return [wasteNote(row, wasted, units)]
  })
  return bullets(notes.slice(0, most))
}

function wasteNote(row: SizeRow, wasted: WastedBytes, units: Units): Markdown {
  const amount = unbroken(own(wasteAmount(row, wasted, units)))
  if (wasted.bytes === 0) return prose`**Wasted${subjectOf([row])}:** ${amount}`
  const where = mostWasted(wasted).map(
    ({ path, difference }) => prose`${pathCode(path)} ${unbroken(own(formatBytes(difference, units)))}`,
  )
  return prose`**Wasted${subjectOf([row])}:** ${amount} of what the layers unpack to is replaced or removed by later ones: ${join(where, prose`, `)}`
}

/** `5.0 MiB (56 %, max-wasted 5%)`. */
function wasteAmount({ platform }: SizeRow, { bytes, unpacked }: WastedBytes, units: Units): string {
  const { wastedLimit } = platform
  const limit =
    wastedLimit === undefined
      ? ''
      : `, ${nameOfLimit(wastedLimit, 'wasted')} ${sanitiseLine(wastedLimit.rule, RULE_LENGTH)}`
  return `${formatBytes(bytes, units)} (${formatShare(bytes, unpacked)}${limit})`
}

function mostWasted({ paths }: WastedBytes): readonly FoldedChange[] {
  return paths.slice(0, 3)
}

/** The same for the log, where nothing is folded. Holds foreign text, made harmless. */
export function filesLog({ rows, units }: SizeView): string[] {
  const shown = rows.slice(0, LOGGED_IMAGES)
  const whose = (row: SizeRow): string => (rows.length === 1 ? '' : `${logSubject(row)}  `)
  return [
    ...shown.flatMap((row) =>
      (row.platform.explanation === undefined ? [] : largestLines(row.platform.explanation))
        .slice(0, 10)
        .map(({ change: { path, isFolder, files, difference } }) => {
          const count = isFolder ? `, ${plural(files, 'file')}` : ''
          return `  ${amountText(difference, row, units)}  ${whose(row)}${shownPath(path)}${count}`
        }),
    ),
    ...shown.flatMap((row) => {
      const { explanation, wastedLimit } = row.platform
      const wasted = explanation?.wasted ?? null
      if (wasted === null || wastedLimit === undefined) return []
      const where = mostWasted(wasted).map(
        ({ path, difference }) => `${shownPath(path)} ${formatBytes(difference, units)}`,
      )
      const paths = where.length === 0 ? '' : `: ${where.join(', ')}`
      return [`  wasted  ${whose(row)}${wasteAmount(row, wasted, units)}${paths}`]
    }),
  ]
}

/** `api:pr linux/arm64` */
function logSubject({ name, platform: { platform } }: SizeRow): string {
  const words = [
    ...(name === null ? [] : [sanitiseLine(name, PATH_LENGTH)]),
    ...(platform === null ? [] : [formatPlatform(platform)]),
  ]
  return words.join(' ')
}
