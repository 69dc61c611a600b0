import type { Refusal } from '../../domain/prune/decision.ts'
import type { PruneReport, RepositoryOutcome } from '../../domain/prune/outcome.ts'

/** One line of what is wrong with a repository. */
export interface Trouble {
  /** `host/path` */
  readonly repository: string
  /** holds foreign text */
  readonly text: string
  /** the rule that refused, where it was one */
  readonly rule: Refusal['kind'] | null
}

export type Kind = 'broken' | 'wrong' | 'refused' | 'stopped'

/**
 * What is wrong, by what it means: images that are broken, what failed, plans that were refused, runs that stopped early. A
 * problem means what the state of its repository does.
 */
export function troublesOf({ repositories }: Pick<PruneReport, 'repositories'>, kind: Kind): Trouble[] {
  return repositories.flatMap((outcome) => {
    const { repository } = outcome
    const texts = textsOf(outcome, kind).map((text): Trouble => ({ repository, text, rule: null }))
    if (kind !== 'refused') return texts
    return [
      ...outcome.refusals.map((refusal) => ({ repository, text: refusal.message, rule: refusal.kind })),
      ...texts,
    ]
  })
}

function textsOf({ state, problems, broken }: RepositoryOutcome, kind: Kind): readonly string[] {
  if (kind === 'broken') return broken ?? []
  return MEANINGS[state] === kind ? problems : []
}

const MEANINGS: Readonly<Record<RepositoryOutcome['state'], Kind>> = {
  planned: 'wrong',
  done: 'wrong',
  failed: 'wrong',
  refused: 'refused',
  partial: 'stopped',
}
