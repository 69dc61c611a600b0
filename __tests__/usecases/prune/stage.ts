import type { Protection } from '../../../src/domain/prune/protection.ts'
import type { PruneDeps } from '../../../src/usecases/prune/deps.ts'
import { prune } from '../../../src/usecases/prune/prune.ts'
import type { PruneRequest } from '../../../src/usecases/prune/prune.ts'
import type { PruneReport, RepositoryOutcome } from '../../../src/domain/prune/outcome.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import type { Clock, Log } from '../../../src/domain/ports.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import type { World } from './world.ts'

export const UNPROTECTED: Protection = {
  tags: new Map(),
  digests: new Map(),
  likelyTags: new Map(),
  likelyDigests: new Map(),
  open: [],
  words: new Map(),
}
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
}

export interface Staging extends Partial<Omit<PruneRequest, 'targets' | 'policy'>> {
  readonly timeIsUp?: () => boolean
  readonly now?: Clock
  readonly isCancelled?: () => boolean
  readonly record?: NonNullable<PruneDeps['record']>
  /** called with what would be waited */
  readonly onWait?: (milliseconds: number) => void
  readonly log?: Log
}

/** Prunes worlds one after the other, for real unless told otherwise. The clock stands still. */
export async function pruneWorlds(
  worlds: readonly World[],
  rules: PrunePolicy,
  staging: Staging = {},
): Promise<PruneReport> {
  const { timeIsUp = () => false, onWait = () => undefined, now = () => NOW, ...others } = staging
  const { isCancelled, record, log = SILENT, ...request } = others
  return prune(
    {
      targets: worlds.map(({ target }) => ({ target, protection: UNPROTECTED })),
      policy: rules,
      dryRun: false,
      validate: true,
      reviewed: null,
      ...request,
    },
    {
      log,
      now,
      concurrency: 4,
      sleep: async (milliseconds) => onWait(milliseconds),
      timeIsUp,
      ...(isCancelled === undefined ? {} : { isCancelled }),
      ...(record === undefined ? {} : { record }),
    },
  )
}

/** The outcome of the only repository. */
export async function pruneWorld(
  world: World,
  rules: Parameters<typeof policy>[0],
  staging: Staging = {},
): Promise<RepositoryOutcome> {
  const { repositories } = await pruneWorlds([world], policy(rules), staging)
  const [outcome] = repositories
  if (outcome === undefined) throw new Error('no repository was pruned')
  return outcome
}

/** `{ v1: 'delete done' }` */
export function fatesOf({ tags }: RepositoryOutcome): Record<string, string> {
  return Object.fromEntries(tags.map(({ tag, decision, status }) => [tag, `${decision} ${status}`]))
}
