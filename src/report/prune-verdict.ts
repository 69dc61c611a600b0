import type { Refusal } from '../domain/prune/decision.ts'
import type { PruneReport, RepositoryOutcome } from '../domain/prune/outcome.ts'
import { foldedList } from './lists.ts'
import { EMPTY, blocks, code, escapeText, join, prose } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { undoAdvice } from './prune-aftermath.ts'
import type { ProviderOf } from './prune-aftermath.ts'

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

interface Line {
  readonly repository: string
  readonly text: string
}

/** What went wrong, in the order in which it should worry: broken images, failures, refusals, what was not reached. */
export function verdictBlocks(report: PruneReport, providerOf: ProviderOf, most: number): Markdown {
  const { repositories } = report
  return blocks(
    brokenBlock(repositories, providerOf, most),
    problemBlock(repositories, most),
    refusalBlock(report, most),
    partialBlock(repositories),
  )
}

function linesOf(
  repositories: readonly RepositoryOutcome[],
  texts: (repository: RepositoryOutcome) => readonly string[],
): Line[] {
  return repositories.flatMap((outcome) =>
    texts(outcome).map((text) => ({ repository: outcome.repository, text })),
  )
}

/** The repository is named where there are several. */
function drawLine(repositories: readonly unknown[]): (line: Line) => Markdown {
  return ({ repository, text }) =>
    repositories.length === 1
      ? escapeText(text)
      : prose`${code(repository, NAME_LENGTH)}: ${escapeText(text)}`
}

function brokenBlock(
  repositories: readonly RepositoryOutcome[],
  providerOf: ProviderOf,
  most: number,
): Markdown {
  const lines = linesOf(repositories, ({ broken }) => broken ?? [])
  if (lines.length === 0) return EMPTY
  const hurt = repositories.filter(({ broken }) => (broken?.length ?? 0) > 0)
  const undo = undoAdvice(new Set(hurt.map(({ repository }) => providerOf(repository))))
  return blocks(
    prose`❌ **Broken afterwards:** this was to stay and does not resolve any more. Push it again. ${join(undo, prose` `)}`,
    foldedList(lines, drawLine(repositories), { open: OPEN_LINES, written: most, noun: 'broken name' }),
  )
}

function problemBlock(repositories: readonly RepositoryOutcome[], most: number): Markdown {
  const lines = linesOf(repositories, ({ problems }) => problems)
  if (lines.length === 0) return EMPTY
  return blocks(
    prose`❌ **Went wrong:**`,
    foldedList(lines, drawLine(repositories), { open: OPEN_LINES, written: most, noun: 'problem' }),
  )
}

function refusalBlock({ repositories, dryRun }: PruneReport, most: number): Markdown {
  const refusals = repositories.flatMap((outcome) =>
    outcome.refusals.map((refusal) => ({ repository: outcome.repository, refusal })),
  )
  if (refusals.length === 0) return EMPTY
  const draw = drawLine(repositories)
  const title = dryRun
    ? prose`⛔ **This plan would be refused**, and nothing deleted:`
    : prose`⛔ **Refused**, so nothing was deleted${repositories.length === 1 ? EMPTY : prose` there`}:`
  return blocks(
    title,
    foldedList(
      refusals,
      ({ repository, refusal }) =>
        prose`${draw({ repository, text: refusal.message })}. ${ADVICE[refusal.kind]}`,
      { open: OPEN_LINES, written: most, noun: 'refusal' },
    ),
  )
}

function partialBlock(repositories: readonly RepositoryOutcome[]): Markdown {
  const partial = repositories.filter(({ state }) => state === 'partial')
  if (partial.length === 0) return EMPTY
  const which =
    repositories.length === 1 ? EMPTY : prose` in ${partial.length} of ${repositories.length} repositories`
  return prose`⏳ **Stopped early**${which}, by \`max-duration\` or a rate limit. Everything that stays is whole; the next run goes on.`
}
