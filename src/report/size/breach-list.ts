import type { SizeReport } from '../../domain/size/report.ts'
import { foldedList } from '../markdown/lists.ts'
import type { ListFolding } from '../markdown/lists.ts'
import { EMPTY, code, escapeText, join, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { breachWords, isAboutWaste } from './breach.ts'
import type { BreachGroup } from './breach.ts'
import { nameList } from './names.ts'
import type { SizeView } from './view.ts'

const LABEL_LENGTH = 100

/** Each breach in a sentence: what is over which limit, by how much and by which rule. */
export function breachList(
  view: SizeView,
  { open, written }: Pick<ListFolding, 'open' | 'written'>,
): Markdown {
  const draw = (group: BreachGroup): Markdown => breachSentence(group, view)
  const { breaches } = view
  return breaches.length === 1 && breaches[0] !== undefined && written > 0
    ? draw(breaches[0])
    : foldedList(breaches, draw, { open, written, noun: 'breach' })
}

/** What made a failure tolerable, or would: told after the cause, which a reader wants first. */
export function toleranceNote({ breaches, leniency, overrideLabel }: SizeReport): Markdown {
  if (leniency !== null) return prose`**Tolerated**, so this does not fail: ${escapeText(leniency)}`
  if (overrideLabel === null || !breaches.some(({ severity }) => severity === 'fail')) return EMPTY
  return prose`The label ${code(overrideLabel, LABEL_LENGTH)} accepts this: give it to the pull request, then run the job again.`
}

function breachSentence(group: BreachGroup, { units, rows }: SizeView): Markdown {
  const { row, all, worst } = group
  const { actual, verb, excess, platforms, layer, reason, rule } = breachWords(group, units)
  const names = row?.name === null ? [] : (row?.names ?? [])
  const image = names.length === 0 ? EMPTY : nameList(names)
  // one platform image is all there is: nothing to tell it from
  const isOnly = rows.length === 1 && all.length === 1
  const where = platforms === null || isOnly ? EMPTY : escapeText(platforms)
  const which = layer === null ? EMPTY : prose`layer ${code(layer, 100)}`
  const by = rule === null ? EMPTY : prose`, rule ${code(rule, 160)}`
  const why = reason === null ? EMPTY : prose` (${escapeText(reason)})`
  const sentence = prose`**${own(actual)}**${own(verb)} ${own(excess)}${why}`
  const advice = isAboutWaste(worst.limit) ? prose`: remove files in the same \`RUN\` that makes them` : EMPTY
  const subject = join(
    [image, where, which].filter((part) => part !== ''),
    prose` `,
  )
  return prose`${subject}${subject === '' ? EMPTY : prose`: `}${sentence}${by}${advice}`
}
