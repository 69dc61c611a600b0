import type { Refusal } from '../../domain/prune/decision.ts'
import { prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import type { PruneReport, RepositoryOutcome } from '../../domain/prune/outcome.ts'

/** One line of what is wrong with a repository. */
export interface Problem {
  /** `host/path` */
  readonly repository: string
  /** holds foreign text */
  readonly text: string
  /** what to do about it; null: the text says so itself */
  readonly advice: Markdown | null
}

export type ProblemKind = 'broken' | 'wrong' | 'refused' | 'stopped'

/**
 * What is wrong, by what it means: images that are broken, what failed, plans that were refused, runs that
 * stopped early. A problem means what the state of its repository does.
 */
export function problemsOf(
  { repositories }: Pick<PruneReport, 'repositories'>,
  kind: ProblemKind,
): Problem[] {
  return repositories.flatMap((outcome) => {
    const { repository } = outcome
    // most name the repository themselves, which whoever tells them does as well
    const named = `${repository}: `
    const texts = textsOf(outcome, kind).map((text): Problem => ({
      repository,
      text: text.startsWith(named) ? text.slice(named.length) : text,
      advice: null,
    }))
    if (kind !== 'refused') return texts
    return [
      ...outcome.refusals.map((refusal) => ({
        repository,
        text: refusal.message,
        advice: ADVICE[refusal.kind],
      })),
      ...texts,
    ]
  })
}

/** What is worst first; the closing line of a red run names the first one. */
export const KINDS: readonly ProblemKind[] = ['broken', 'wrong', 'refused', 'stopped']

/** A problem in one line without Markdown, for the log. */
export function problemLine({ text, advice }: Problem): string {
  return advice === null ? text : `${text}. ${advice.replaceAll('`', '')}`
}

/** What to do about a refusal. */
const ADVICE: Readonly<Record<Refusal['kind'], Markdown>> = {
  'incomplete-list': prose`Run it again; a list that ends early says nothing about the rest.`,
  unreadable: prose`Run it again, or look at what could not be read.`,
  'deletes-disabled': prose`Whoever runs the registry must allow deletes; of distribution with \`REGISTRY_STORAGE_DELETE_ENABLED=true\`.`,
  'unknown-age': prose`With \`unknown-age: keep\` these tags stay and the others go.`,
  'nothing-left': prose`Look at the storage of the registry first: it may have lost it, or show it to another login.`,
  'group-by': prose`Write an expression that matches the whole tag, with \`.*\` for what may follow.`,
  'max-deletes': prose`If all of this may go, raise \`max-deletes\`; else name fewer tags or keep more.`,
  'max-delete-percent': prose`If all of this may go, raise \`max-delete-percent\`; else name fewer tags or keep more.`,
}

function textsOf({ state, problems, broken }: RepositoryOutcome, kind: ProblemKind): readonly string[] {
  if (kind === 'broken') return broken ?? []
  return MEANINGS[state] === kind ? problems : []
}

const MEANINGS: Readonly<Record<RepositoryOutcome['state'], ProblemKind>> = {
  planned: 'wrong',
  done: 'wrong',
  failed: 'wrong',
  refused: 'refused',
  partial: 'stopped',
}
