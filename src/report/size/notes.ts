import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { SizeReport } from '../../domain/size/report.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, code, escapeText, foreignProse, join, own, prose } from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { skippedNotes } from './baseline.ts'
import { judgesOwn, knownGrowth } from './growth.ts'
import type { SizeRow } from './rows.ts'
import { isUnjudged } from '../verdict.ts'
import { formatShare } from '../markdown/words.ts'

/** More lines than this are folded. */
const FEW_LINES = 5
const KIND_LENGTH = 20
/** Longer than other foreign text, for it names images. */
const WARNING_LENGTH = 800
/** A smaller saving is the same empty layer everywhere. */
const WORTH_SAYING = 0.01

/** What is left to pull for a client that has the baseline: of the platform image that takes most. */
export function pullNote(rows: readonly SizeRow[], units: Units): Markdown {
  const pulls = rows.flatMap((row) => {
    const pulled = knownGrowth(row.platform)?.pullSize ?? 0
    return pulled === 0 ? [] : [{ row, pulled }]
  })
  const [most] = pulls.toSorted((a, b) => b.pulled - a.pulled)
  if (most === undefined) return EMPTY
  const { name, platform } = most.row
  const all = platform.size === most.pulled
  const numbers = all
    ? prose`**all of it**, ${bytes(most.pulled, units)}`
    : prose`**${bytes(most.pulled, units)}** of ${bytes(platform.size, units)}`
  if (rows.length === 1) return prose`A client that has the baseline pulls ${numbers}.`
  const words = [
    ...(name === null ? [] : [code(name)]),
    ...(platform.platform === null ? [] : [escapeText(formatPlatform(platform.platform))]),
  ]
  return prose`A client that has the baseline pulls at most ${numbers} (${join(words, prose` `)}).`
}

/** Each other compression than that of the baseline, which makes sizes differ whatever is in them. */
export function compressionNotes(rows: readonly SizeRow[]): Markdown {
  const changes = rows.flatMap(({ platform }) => knownGrowth(platform)?.recompressed ?? [])
  const words = [...Map.groupBy(changes, ({ from, to }) => JSON.stringify([from, to])).values()].map(
    (same) => {
      const { from = '', to = '' } = same[0] ?? {}
      const some =
        same.length === rows.length ? EMPTY : prose` (${same.length} of ${rows.length} platform images)`
      return prose`**Compressed with ${escapeText(to, KIND_LENGTH)}, the baseline with ${escapeText(from, KIND_LENGTH)}**${some}: that changes sizes on its own, and every layer is pulled again.`
    },
  )
  return blocks(...words.slice(0, FEW_LINES))
}

/**
 * What sharing saves: the difference between what is pulled and what is stored; empty where there is none.
 */
export function sharingNote(report: SizeReport, units: Units): Markdown {
  const platforms = report.images.flatMap((image) => image.platforms)
  const foreign = platforms.reduce((sum, { foreignSize }) => sum + foreignSize, 0)
  const pulled = report.totalSize - foreign
  const saved = pulled - report.uniqueSize
  if (platforms.length < 2 || saved < pulled * WORTH_SAYING) return EMPTY
  const share = own(formatShare(saved, pulled))
  const stored = bytes(report.uniqueSize, units)
  return prose`**Sharing saves ${bytes(saved, units)}** (${share}): the ${platforms.length} platform images are ${bytes(pulled, units)} together; the registry stores each layer once, in ${stored}.`
}

/** Limits that apply to nothing, or to less than they seem to. */
export function warningList({ warnings }: SizeReport, most: number): Markdown {
  const draw = (warning: string): Markdown => foreignProse(warning, WARNING_LENGTH)
  const [first] = warnings
  if (first === undefined || most === 0) return EMPTY
  if (warnings.length === 1) return prose`**Warning:** ${draw(first)}`
  return blocks(
    prose`**Warnings:**`,
    foldedList(warnings, draw, { open: FEW_LINES, written: most, noun: 'warning' }),
  )
}

/** What a reader must know to read the numbers right, then the notices of the run. */
export function notes(report: SizeReport, units: Units, most: number): Markdown {
  const lines = [
    ...skippedNotes(report.images),
    ...readingNotes(report, units),
    ...[...report.notices, ...(report.asides ?? [])].map((notice) => foreignProse(notice)),
  ]
  return foldedList(lines, (line) => line, { open: FEW_LINES, written: most, noun: 'notice' })
}

function readingNotes({ images }: SizeReport, units: Units): Markdown[] {
  const platforms = images.flatMap((image) => image.platforms)
  const compressions = new Set(
    platforms.map(({ compression }) => compression).filter((kind) => kind !== null),
  )
  const foreign = platforms.reduce((most, { foreignSize }) => Math.max(most, foreignSize), 0)
  const has = (kind: 'artifact' | 'schema1'): boolean => images.some((image) => image.kind === kind)
  const candidates: readonly Candidate[] = [
    [
      platforms.some(({ estimated }) => estimated),
      prose`≈ is an estimate: a docker-archive holds layers uncompressed, so they were compressed with gzip to be counted.`,
    ],
    [
      has('artifact'),
      prose`An artifact is not an image; its size is the same sum, of its config and its files.`,
    ],
    [
      has('schema1'),
      prose`Docker schema 1 has neither sizes nor a config: the registry was asked for the size of each distinct layer.`,
    ],
    [
      foreign > 0,
      prose`Foreign layers (up to ${bytes(foreign, units)} of an image) are part of a pull, but this registry does not store them.`,
    ],
    [
      compressions.size > 1 || compressions.has('mixed'),
      prose`Compressions differ: the same files weigh more with gzip than with zstd.`,
    ],
    [
      platforms.some((platform) => judgesOwn(platform)),
      prose`Limits apply to the image's own layers only: what the base image brings does not count.`,
    ],
  ]
  return candidates.filter(([applies]) => applies).map(([, words]) => words)
}

type Candidate = readonly [applies: boolean, words: Markdown]

/** What was selected, but not measured; and what was, but could not be judged. */
export function unmeasuredList(report: SizeReport, most: number): Markdown {
  const { unmeasured, partial } = report
  const what = unmeasured.length === 1 ? 'this was' : `these ${unmeasured.length} were`
  if (unmeasured.length === 0) return partial ? prose`Time ran out before everything was measured.` : EMPTY
  return blocks(
    unmeasuredHead(report, what),
    foldedList(unmeasured, (what) => foreignProse(what), { open: FEW_LINES, written: most, noun: 'image' }),
  )
}

function unmeasuredHead(report: SizeReport, what: string): Markdown {
  if (report.partial) return prose`**Time ran out** before ${own(what)} measured:`
  if (isUnjudged(report)) return prose`**Not judged**, and what is not judged does not pass:`
  return prose`**Not measured**, so nothing is known of ${own(report.unmeasured.length === 1 ? 'it' : 'them')}:`
}

function bytes(count: number, units: Units): Html {
  return own(formatBytes(count, units))
}
