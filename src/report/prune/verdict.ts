import type { PruneReport } from '../../domain/prune/outcome.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, code, foreignProse, join, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { placed } from '../placed.ts'
import { shortCommits } from '../markdown/words.ts'
import { vendorUndo } from './garbage-collection.ts'
import type { ProviderOf } from './garbage-collection.ts'
import { problemsOf } from './problems.ts'
import type { ProblemKind, Problem } from './problems.ts'

/** What there is to put something back. */
export interface WaysBack {
  readonly providerOf: ProviderOf
  readonly undoFile?: string
}

const OPEN_LINES = 30
const NAME_LENGTH = 255
const PROBLEM_LENGTH = 600

/**
 * What is wrong, in the order in which it should worry: broken images, failures, refusals, what was not
 * reached.
 */
export function verdictBlocks(report: PruneReport, ways: WaysBack, most: number): Markdown {
  return blocks(
    brokenBlock(report, ways, most),
    problemBlock(report, 'wrong', prose`**Problems:**`, most),
    problemBlock(report, 'refused', refusalTitle(report), most),
    partialBlock(report, most),
  )
}

const NOUNS = { broken: 'broken name', wrong: 'problem', refused: 'refusal', stopped: 'repository' } as const

function problemBlock(report: PruneReport, kind: ProblemKind, title: Markdown, most: number): Markdown {
  const problems = problemsOf(report, kind)
  if (problems.length === 0) return EMPTY
  const draw = ({ repository, text, advice }: Problem): Markdown => {
    const isSaid = report.repositories.length === 1 || placed(repository, text) === text
    const where = isSaid ? EMPTY : prose`${code(repository, NAME_LENGTH)}: `
    const then = advice === null ? EMPTY : prose`. ${advice}`
    return prose`${where}${foreignProse(shortCommits(text), PROBLEM_LENGTH)}${then}`
  }
  return blocks(title, foldedList(problems, draw, { open: OPEN_LINES, written: most, noun: NOUNS[kind] }))
}

function brokenBlock(report: PruneReport, { providerOf, undoFile }: WaysBack, most: number): Markdown {
  const hurt = report.repositories.filter(({ broken }) => (broken?.length ?? 0) > 0)
  const providers = new Set(hurt.map(({ repository }) => providerOf(repository)))
  const way =
    undoFile === undefined
      ? join([prose`Push it again.`, ...vendorUndo(providers)], prose` `)
      : prose`Run \`mode: undo\` with ${code(`undo-file: ${undoFile}`)}, or push it again.`
  const title = prose`**Broken afterwards:** this was to stay and does not resolve any more. ${way}`
  return problemBlock(report, 'broken', title, most)
}

function refusalTitle({ repositories, dryRun }: PruneReport): Markdown {
  if (dryRun) return prose`**This plan would be refused**, and nothing deleted:`
  return prose`**Refused**, so nothing was deleted${repositories.length === 1 ? EMPTY : prose` there`}:`
}

function partialBlock(report: PruneReport, most: number): Markdown {
  const { length: all } = report.repositories
  const { length: partial } = report.repositories.filter(({ state }) => state === 'partial')
  if (partial === 0) return EMPTY
  const which = all === 1 ? EMPTY : prose` in ${partial} of ${all} repositories`
  const title = prose`**Stopped early**${which}; the next run goes on from there.`
  const problems = problemBlock(report, 'stopped', title, most)
  return problems === EMPTY ? title : problems
}
