import { formatPlatform } from '../domain/names/platform.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Breach, SizeReport } from '../domain/size/report.ts'
import { EMPTY, blocks, bullets, code, details, escapeText, markup, prose } from './markdown.ts'
import type { Html, Markdown } from './markdown.ts'
import { breachWords, compareBreaches } from './size-breach.ts'
import { shortNames } from './size-rows.ts'
import { ICONS } from './verdict.ts'
import { formatShare, plural } from './words.ts'

/** More lines than this are folded. */
const FEW_LINES = 5

/** Each breach in a sentence: what is over which limit, by how much, and by which rule. */
export function breachList(report: SizeReport, units: Units, most: number): Markdown {
  const names = shortNames(report.images)
  const breaches = report.breaches.toSorted(compareBreaches)
  const left = breaches.length - most
  return bullets([
    ...breaches.slice(0, most).map((breach) => breachSentence(breach, names, units)),
    left > 0 ? prose`… and ${left} more` : EMPTY,
    report.leniency === null
      ? EMPTY
      : prose`${escapeText(ICONS.warn)} Tolerated, so this does not fail: ${escapeText(report.leniency)}`,
  ])
}

function breachSentence(breach: Breach, names: ReadonlyMap<string, string>, units: Units): Markdown {
  const { actual, excess, layer, rule } = breachWords(breach, units)
  const name = names.get(breach.image)
  const image = name === undefined ? EMPTY : prose` ${code(name)}`
  const platform = breach.platform === null ? EMPTY : prose` ${escapeText(formatPlatform(breach.platform))}`
  const which = layer === null ? EMPTY : prose` layer ${code(layer, 100)}`
  const by = rule === null ? EMPTY : prose`, rule ${code(rule, 160)}`
  const sentence = prose`**${escapeText(actual)}** is ${escapeText(excess)}`
  return prose`${escapeText(ICONS[breach.severity])}${image}${platform}${which}: ${sentence}${by}`
}

/** What sharing saves: the difference between what is pulled and what is stored; empty where there is none. */
export function sharingNote(report: SizeReport, units: Units): Markdown {
  const platforms = report.images.flatMap((image) => image.platforms)
  const foreign = platforms.reduce((sum, { foreignSize }) => sum + foreignSize, 0)
  const pulled = report.totalSize - foreign
  const saved = pulled - report.uniqueSize
  if (platforms.length < 2 || saved <= 0) return EMPTY
  const words = `(${formatShare(saved, pulled)}): ${platforms.length} platform images are ${formatBytes(pulled, units)} together`
  return prose`♻️ **Sharing saves ${bytes(saved, units)}** ${escapeText(words)}, the registry stores ${bytes(report.uniqueSize, units)}: each layer once.`
}

/** What a reader must know to read the numbers right, then the notices of the run. */
export function notes(report: SizeReport, units: Units, most: number): Markdown {
  const left = report.notices.length - most
  return bullets([
    ...readingNotes(report, units),
    ...report.notices.slice(0, most).map((notice) => prose`ℹ️ ${escapeText(notice)}`),
    left > 0 ? prose`… and ${left} more, see the log` : EMPTY,
  ])
}

function readingNotes({ images }: SizeReport, units: Units): Markdown[] {
  const platforms = images.flatMap((image) => image.platforms)
  const compressions = new Set(
    platforms.map(({ compression }) => compression).filter((kind) => kind !== null),
  )
  const foreign = platforms.reduce((most, { foreignSize }) => Math.max(most, foreignSize), 0)
  const has = (kind: 'artifact' | 'schema1' | 'unknown'): boolean =>
    images.some((image) => image.kind === kind)
  return [
    platforms.some(({ estimated }) => estimated)
      ? prose`≈ is an estimate: a docker-archive holds layers uncompressed, they were compressed with gzip to be counted.`
      : EMPTY,
    has('artifact')
      ? prose`An artifact is no image; its size is the same sum, of its config and its files.`
      : EMPTY,
    has('schema1')
      ? prose`Docker schema 1 names no sizes and has no config: each distinct layer was asked for its stored size.`
      : EMPTY,
    has('unknown') ? prose`What is of an unknown type is listed, but not measured.` : EMPTY,
    foreign > 0
      ? prose`Foreign layers (up to ${bytes(foreign, units)} of an image) are part of a pull, but this registry does not store them.`
      : EMPTY,
    compressions.size > 1 || compressions.has('mixed')
      ? prose`Compressions differ: the same files weigh more with gzip than with zstd.`
      : EMPTY,
  ]
}

/** What was selected, but not measured. */
export function unmeasuredList({ unmeasured, partial }: SizeReport, most: number): Markdown {
  const why = partial
    ? markup`⏳ Time ran out before everything was measured`
    : markup`❌ Not everything was measured`
  if (unmeasured.length === 0) return partial ? prose`${why}.` : EMPTY
  const left = unmeasured.length - most
  const title = markup`${why}: ${escapeText(plural(unmeasured.length, 'image'))} missing`
  const list = bullets([
    ...unmeasured.slice(0, most).map((what) => escapeText(what)),
    left > 0 ? prose`… and ${left} more` : EMPTY,
  ])
  return unmeasured.length <= FEW_LINES ? blocks(title, list) : details(title, list)
}

function bytes(count: number, units: Units): Html {
  return escapeText(formatBytes(count, units))
}
