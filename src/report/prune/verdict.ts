import type { Refusal } from '../../domain/prune/decision.ts'
import type { PruneReport } from '../../domain/prune/outcome.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, code, escapeText, join, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { undoAdvice } from './aftermath.ts'
import type { ProviderOf } from './aftermath.ts'
import { troublesOf } from './troubles.ts'
import type { Kind, Trouble } from './troubles.ts'

const OPEN_LINES = 10
const NAME_LENGTH = 255

/** What to do about a refusal. */
const ADVICE: Readonly<Record<Refusal['kind'], Markdown>> = {
  'incomplete-list': prose`Run it again; a list that ends early says nothing about the rest.`,
  unreadable: prose`Run it again, or look at what could not be read.`,
  'deletes-disabled': prose`Whoever runs the registry must allow deletes; of distribution with \`REGISTRY_STORAGE_DELETE_ENABLED=true\`.`,
  'unknown-age': prose`With \`unknown-age: keep\` these tags stay and the others go.`,
  'max-deletes': prose`If all of this may go, raise \`max-deletes\`; else name fewer tags or keep more.`,
  'max-delete-percent': prose`If all of this may go, raise \`max-delete-percent\`; else name fewer tags or keep more.`,
}

/** What is wrong, in the order in which it should worry: broken images, failures, refusals, what was not reached. */
export function verdictBlocks(report: PruneReport, providerOf: ProviderOf, most: number): Markdown {
  return blocks(
    brokenBlock(report, providerOf, most),
    troubleBlock(report, 'wrong', prose`❌ **Went wrong:**`, most),
    troubleBlock(report, 'refused', refusalTitle(report), most),
    partialBlock(report, most),
  )
}

const NOUNS = { broken: 'broken name', wrong: 'problem', refused: 'refusal', stopped: 'repository' } as const

function troubleBlock(report: PruneReport, kind: Kind, title: Markdown, most: number): Markdown {
  const troubles = troublesOf(report, kind)
  if (troubles.length === 0) return EMPTY
  const draw = ({ repository, text, rule }: Trouble): Markdown => {
    const where = report.repositories.length === 1 ? EMPTY : prose`${code(repository, NAME_LENGTH)}: `
    const advice = rule === null ? EMPTY : prose`. ${ADVICE[rule]}`
    return prose`${where}${escapeText(text)}${advice}`
  }
  return blocks(title, foldedList(troubles, draw, { open: OPEN_LINES, written: most, noun: NOUNS[kind] }))
}

function brokenBlock(report: PruneReport, providerOf: ProviderOf, most: number): Markdown {
  const hurt = report.repositories.filter(({ broken }) => (broken?.length ?? 0) > 0)
  const undo = undoAdvice(new Set(hurt.map(({ repository }) => providerOf(repository))))
  const title = prose`❌ **Broken afterwards:** this was to stay and does not resolve any more. Push it again. ${join(undo, prose` `)}`
  return troubleBlock(report, 'broken', title, most)
}

function refusalTitle({ repositories, dryRun }: PruneReport): Markdown {
  if (dryRun) return prose`⛔ **This plan would be refused**, and nothing deleted:`
  return prose`⛔ **Refused**, so nothing was deleted${repositories.length === 1 ? EMPTY : prose` there`}:`
}

function partialBlock(report: PruneReport, most: number): Markdown {
  const { length: all } = report.repositories
  const { length: partial } = report.repositories.filter(({ state }) => state === 'partial')
  if (partial === 0) return EMPTY
  const which = all === 1 ? EMPTY : prose` in ${partial} of ${all} repositories`
  const title = prose`⏳ **Stopped early**${which}; the next run goes on from there.`
  const troubles = troubleBlock(report, 'stopped', title, most)
  return troubles === EMPTY ? title : troubles
}
