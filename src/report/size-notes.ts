import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Breach, SizeReport } from '../domain/size/report.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { blocks, bullets, code, details, escapeText, html, md } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { formatShare } from './share.ts'
import { breachWords, compareBreaches } from './size-breach.ts'
import { ICONS } from './verdict.ts'

/** Each breach in a sentence: what is over which limit, by how much, and by which rule. */
export function breachList(report: SizeReport, units: Units, most: number): Markdown {
  const breaches = report.breaches.toSorted(compareBreaches)
  const left = breaches.length - most
  return bullets([
    ...breaches.slice(0, most).map((breach) => breachSentence(breach, units)),
    ...(left > 0 ? [md`and ${left} more over a limit`] : []),
    ...(report.leniency === null
      ? []
      : [md`${text(ICONS.warn)} Not a failure: ${escapeText(report.leniency)}`]),
  ])
}

function breachSentence(breach: Breach, units: Units): Markdown {
  const { actual, excess, layer, rule } = breachWords(breach, units)
  const icon = text(ICONS[breach.severity])
  const where = breach.platform === null ? md`` : md` ${escapeText(formatPlatform(breach.platform))}`
  const which = layer === null ? md`` : md`layer ${code(layer, 120)} is `
  const by = rule === null ? md`` : md`; rule ${code(rule, 160)}`
  return md`${icon} ${code(breach.image)}${where}: ${which}**${text(actual)}**, ${text(excess)}${by}`
}

/** What sharing saves: the difference between what is pulled and what is stored, or nothing where there is none. */
export function sharingNote(report: SizeReport, units: Units): Markdown {
  const platforms = report.images.flatMap((image) => image.platforms)
  const foreign = platforms.reduce((sum, platform) => sum + platform.foreignSize, 0)
  const pulled = report.totalSize - foreign
  const saved = pulled - report.uniqueSize
  if (platforms.length < 2 || saved <= 0) return md``
  return md`♻️ **Sharing saves ${bytes(saved, units)}** (${text(formatShare(saved, pulled))}): ${
    platforms.length
  } platform images of ${bytes(pulled, units)} together need ${bytes(report.uniqueSize, units)} in the registry, because equal layers are stored once.`
}

/** What a reader must know to read the numbers right, then the notices of the run. */
export function notes(report: SizeReport, units: Units, most: number): Markdown {
  const { notices } = report
  const left = notices.length - most
  return bullets([
    ...readingNotes(report, units),
    ...notices.slice(0, most).map((notice) => escapeText(notice)),
    ...(left > 0 ? [md`and ${left} more notices, see the log`] : []),
  ])
}

function readingNotes(report: SizeReport, units: Units): Markdown[] {
  const platforms = report.images.flatMap((image) => image.platforms)
  const kinds = new Set(report.images.map((image) => image.kind))
  const compressions = new Set(
    platforms.map(({ compression }) => compression).filter((kind) => kind !== null),
  )
  const foreign = platforms.reduce((most, platform) => Math.max(most, platform.foreignSize), 0)
  return [
    ...(platforms.some(({ estimated }) => estimated)
      ? [
          md`
≈ is an estimate: layers of a docker-archive are not compressed, so they were compressed with gzip to be counted.
          `,
        ]
      : []),
    ...(kinds.has('artifact')
      ? [
          md`
An artifact is not an image; its size is the same sum, of its config and its files.
          `,
        ]
      : []),
    ...(kinds.has('schema1')
      ? [
          md`
Docker schema 1 names no sizes and has no config: each distinct layer was asked for its stored size.
          `,
        ]
      : []),
    ...(foreign > 0
      ? [
          md`Foreign layers (up to ${bytes(foreign, units)} per image) are part of a pull, but come from another server: this registry does not store them.`,
        ]
      : []),
    ...(compressions.size > 1 || compressions.has('mixed')
      ? [
          md`
Compression differs (see the table): the same files weigh more with gzip than with zstd.
          `,
        ]
      : []),
  ]
}

/** What was selected, but not measured. */
export function unmeasuredList({ unmeasured, partial }: SizeReport, most: number): Markdown {
  if (unmeasured.length === 0)
    return partial
      ? md`
⏳ Time ran out before everything was measured.
        `
      : md``
  const left = unmeasured.length - most
  const list = bullets([
    ...unmeasured.slice(0, most).map((what) => escapeText(what)),
    ...(left > 0 ? [md`and ${left} more`] : []),
  ])
  const why = partial
    ? html`⏳ Time ran out: ${unmeasured.length} not measured`
    : html`❌ ${unmeasured.length} not measured`
  return unmeasured.length <= 5 ? blocks(md`${why}`, list) : details(why, list)
}

function bytes(count: number, units: Units): Markdown {
  return text(formatBytes(count, units))
}

function text(own: string): Markdown {
  return escapeText(own)
}
