import type { FoundBaseline, Placeholder } from '../../domain/growth/growth.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import type { JudgedImage } from '../../domain/size/report.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, code, details, foreignProse, join, markup, own, prose } from '../markdown/markdown.ts'
import { shortCommits } from '../markdown/words.ts'
import type { Markdown } from '../markdown/markdown.ts'
import type { SizeView } from './view.ts'

/** How a time is written: its age where it is read once, its day where equal results must read equal. */
export type WriteTime = (time: Timestamp) => string

const MOST_REASONS = 3
const PLACEHOLDERS: Readonly<Record<Placeholder, string>> = {
  'merge-base': 'merge base',
  'base-sha': 'base commit',
  'base-ref': 'base branch',
}

/**
 * What the images are compared with, for the end of a sentence: ` vs :sha-1a2b3c4 (merge base, 2 days old)`.
 */
export function baselineWords(images: readonly JudgedImage[], write: WriteTime): Markdown {
  const found = foundBaselines(images)
  const [first] = found
  if (first === undefined) return EMPTY
  const labels = new Set(found.map(labelOf))
  if (labels.size > 1) return prose` vs the baseline of each`
  return prose` vs ${code(labelOf(first))}${factsOf(found, write)}`
}

/**
 * The end of a sentence for when no image could be compared though a baseline was asked for; empty otherwise.
 */
export function missingBaseline(images: readonly JudgedImage[]): Markdown {
  const states = new Set(images.map(({ baseline }) => baseline?.state))
  if (states.has('found')) return EMPTY
  if (states.has('unread')) return prose`; the baseline could not be read`
  return states.has('missing') ? prose`; there is no baseline` : EMPTY
}

/** Each image with its baseline, where these differ. */
export function baselineList(
  { report: { images }, names }: SizeView,
  write: WriteTime,
  most: number,
): Markdown {
  const found = foundBaselines(images)
  if (most === 0 || new Set(found.map(labelOf)).size < 2) return EMPTY
  return details(
    markup`${found.length} baselines`,
    foldedList(
      found,
      (one) => {
        const name = names.get(one.image.name) ?? one.image.name
        return prose`${code(name)} vs ${code(labelOf(one))}${factsOf([one], write)}`
      },
      { open: most, written: most, noun: 'baseline' },
    ),
  )
}

/** Why an earlier entry of `baseline` was not used, each reason once. */
export function skippedNotes(images: readonly JudgedImage[]): Markdown[] {
  const notes = foundBaselines(images).flatMap((found) => {
    const absent = found.baseline.skipped.filter(({ cause }) => cause === 'absent')
    if (absent.length === 0) return []
    const reasons = absent.slice(0, MOST_REASONS).map(({ reason }) => foreignProse(reason))
    const left = absent.length - reasons.length
    const more = left > 0 ? [prose`${left} more`] : []
    return [
      prose`Compared with ${code(labelOf(found))}, because ${join([...reasons, ...more], prose` and `)}.`,
    ]
  })
  return [...new Set(notes)]
}

interface ImageBaseline {
  readonly image: JudgedImage
  readonly baseline: FoundBaseline
}

function foundBaselines(images: readonly JudgedImage[]): ImageBaseline[] {
  return images.flatMap((image) =>
    image.baseline?.state === 'found' ? [{ image, baseline: image.baseline }] : [],
  )
}

/**
 * The reference without the repository, where that is the image's own; commits as short as GitHub writes
 * them.
 */
function labelOf({ image: { repository }, baseline: { name } }: ImageBaseline): string {
  const own = repository !== null && name.startsWith(repository)
  const rest = own ? name.slice(repository.length) : name
  const label = /^[:@]/.test(rest) ? rest : name
  return shortCommits(label)
}

/**
 * How it was found, and how old it is: ` (merge base, 2 days old)`; of several the times of the first and
 * last.
 */
function factsOf(found: readonly ImageBaseline[], write: WriteTime): Markdown {
  const how = new Set(
    found.flatMap(({ baseline }) => baseline.placeholders.map((name) => PLACEHOLDERS[name])),
  )
  const times = found.map(({ baseline }) => baseline.created).filter((time) => time !== null)
  const spread = [...new Set(times.toSorted((a, b) => a - b).map(write))]
  const [first] = spread
  const last = spread.at(-1)
  const when =
    first === undefined || last === undefined ? [] : [first === last ? first : `${first} to ${last}`]
  const facts = [...how, ...when]
  return facts.length === 0 ? EMPTY : prose` (${own(facts.join(', '))})`
}
