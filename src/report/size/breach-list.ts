import { formatPlatform } from '../../domain/names/platform.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Breach, SizeReport } from '../../domain/size/report.ts'
import { foldedList } from '../markdown/lists.ts'
import type { ListFolding } from '../markdown/lists.ts'
import { EMPTY, blocks, code, escapeText, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { ICONS } from '../verdict.ts'
import { breachWords, isAboutGrowth, sortBreaches } from './breach.ts'
import { growthCause } from './cause.ts'
import type { SizeView } from './view.ts'

const LABEL_LENGTH = 100

/** Each breach in a sentence: what is over which limit, by how much, by which rule, and what made it grow. */
export function breachList(
  { report, rows, names, units }: SizeView,
  { open, written }: Pick<ListFolding, 'open' | 'written'>,
): Markdown {
  const rowOf = new Map(rows.flatMap((row) => row.breaches.map((breach) => [breach, row])))
  const draw = (breach: Breach): Markdown => {
    const row = isAboutGrowth(breach.limit) ? rowOf.get(breach) : undefined
    const cause = row === undefined ? EMPTY : growthCause(row.platform, units)
    const sentence = breachSentence(breach, names, units)
    return cause === '' ? sentence : prose`${sentence}\n  - ${cause}`
  }
  return blocks(
    foldedList(sortBreaches(report.breaches, rows), draw, { open, written, noun: 'breach' }),
    toleranceNote(report),
  )
}

/** What made a failure tolerable, or would. */
function toleranceNote({ breaches, leniency, overrideLabel }: SizeReport): Markdown {
  if (leniency !== null) {
    return prose`${own(ICONS.warn)} **Tolerated**, so this does not fail: ${escapeText(leniency)}`
  }
  if (overrideLabel === null || !breaches.some(({ severity }) => severity === 'fail')) return EMPTY
  return prose`🏷️ The label ${code(overrideLabel, LABEL_LENGTH)} accepts this: give it to the pull request, then run the job again.`
}

function breachSentence(breach: Breach, names: ReadonlyMap<string, string>, units: Units): Markdown {
  const { actual, verb, excess, layer, reason, rule } = breachWords(breach, units)
  const name = names.get(breach.image)
  const image = name === undefined ? EMPTY : prose` ${code(name)}`
  const platform = breach.platform === null ? EMPTY : prose` ${escapeText(formatPlatform(breach.platform))}`
  const which = layer === null ? EMPTY : prose` layer ${code(layer, 100)}`
  const by = rule === null ? EMPTY : prose`, rule ${code(rule, 160)}`
  const why = reason === null ? EMPTY : prose` (${escapeText(reason)})`
  const sentence = prose`**${own(actual)}** ${own(verb)} ${own(excess)}${why}`
  return prose`${own(ICONS[breach.severity])}${image}${platform}${which}: ${sentence}${by}`
}
