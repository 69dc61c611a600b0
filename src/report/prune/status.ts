import type {
  ManifestOutcome,
  PruneReport,
  RepositoryOutcome,
  TagOutcome,
  TagTally,
} from '../../domain/prune/outcome.ts'

/** What became of a tag or manifest, or will, as one word for people. */
export type StatusLabel =
  | 'kept'
  | 'skipped'
  | 'failed'
  | 'to delete'
  | 'to untag'
  | 'not reached'
  | 'refused'
  | 'deleted'
  | 'untagged'
  | 'already gone'

/** How the run that an item was part of went. */
export interface Circumstances {
  readonly dryRun: boolean
  readonly refused: boolean
}

/** What a label of one item depends on besides the item. */
export function circumstancesOf({ state }: RepositoryOutcome, { dryRun }: PruneReport): Circumstances {
  return { dryRun, refused: state === 'refused' }
}

/** In a dry run what would become of it; of a refused plan that it was refused. */
export function statusLabel(
  { decision, status }: Pick<TagOutcome | ManifestOutcome, 'decision' | 'status'>,
  { dryRun, refused }: Circumstances,
): StatusLabel {
  if (status === 'failed') return 'failed'
  if (decision === 'keep') return 'kept'
  if (decision === 'skip' || status === 'retained') return 'skipped'
  if (status === 'gone') return 'already gone'
  if (status === 'done') return decision === 'untag' ? 'untagged' : 'deleted'
  if (!dryRun) return refused ? 'refused' : 'not reached'
  return decision === 'untag' ? 'to untag' : 'to delete'
}

/** Whether it is not there any more, or would not be. */
export function isGone(label: StatusLabel): boolean {
  return GONE.has(label)
}

const GONE: ReadonlySet<StatusLabel> = new Set([
  'to delete',
  'to untag',
  'deleted',
  'untagged',
  'already gone',
])

/** Tags of signatures and the like; they go with their subject and are counted in no number of tags. */
export function isSubjectTag({ role }: Pick<TagOutcome, 'role'>): boolean {
  return role !== 'image'
}

/**
 * Manifests that no tag in the report names: platform images, signatures, untagged ones, and what went after its tag
 * was moved to another manifest.
 */
export function untaggedManifests({ tags, manifests }: RepositoryOutcome): ManifestOutcome[] {
  const tagged = new Set(tags.map(({ digest }) => digest))
  const wentWithTag = new Set(tags.flatMap(({ digest, status }) => (status === 'retained' ? [] : [digest])))
  return manifests.filter(
    ({ digest, status }) => !tagged.has(digest) || (status === 'done' && !wentWithTag.has(digest)),
  )
}

/** What is counted in no number of tags. */
export interface Companions {
  /** tags that cosign keeps signatures and attestations under */
  readonly signatureTags: number
  /** tags that list the referrers of an image, where the registry has no API for that */
  readonly referrersTags: number
  /** manifests that no tag named: platform images, referrers, untagged ones */
  readonly manifests: number
}

export function countCompanions({ signatureTags, referrersTags, manifests }: Companions): number {
  return signatureTags + referrersTags + manifests
}

/** The numbers of a report. */
export interface Figures extends TagTally {
  /** all image tags */
  readonly tags: number
  /** tags that would go if the plan were not refused; never in a dry run, and not in `pending` */
  readonly refused: number
  /** what else went, or would go */
  readonly companions: Companions
  /** of the same what should have gone and did not: refused, failed or not reached */
  readonly heldBack: Companions
  /** what was kept and does not resolve */
  readonly broken: number
}

/** The numbers of some repositories of a report; `report` tells whether it was a dry run. */
export function figuresOf(repositories: readonly RepositoryOutcome[], report: PruneReport): Figures {
  const figures = {
    tags: 0,
    refused: 0,
    kept: 0,
    deleted: 0,
    untagged: 0,
    skipped: 0,
    failed: 0,
    pending: 0,
    companions: { signatureTags: 0, referrersTags: 0, manifests: 0 },
    heldBack: { signatureTags: 0, referrersTags: 0, manifests: 0 },
    broken: 0,
  }
  for (const repository of repositories) {
    const { tally, broken } = repository
    const circumstances = circumstancesOf(repository, report)
    for (const key of ['kept', 'deleted', 'untagged', 'skipped', 'failed', 'pending'] as const) {
      const sum = key === 'pending' && circumstances.refused ? 'refused' : key
      figures[sum] += tally[key]
      figures.tags += tally[key]
    }
    figures.broken += broken?.length ?? 0
    const others = [
      ...repository.tags.flatMap((tag) => (isSubjectTag(tag) ? [[tag, KEYS[tag.role]] as const] : [])),
      ...untaggedManifests(repository).map((manifest) => [manifest, 'manifests'] as const),
    ]
    for (const [item, key] of others) {
      const label = statusLabel(item, circumstances)
      if (isGone(label)) figures.companions[key] += 1
      else if (HELD_BACK.has(label)) figures.heldBack[key] += 1
    }
  }
  return figures
}

const KEYS = { image: 'manifests', signature: 'signatureTags', referrers: 'referrersTags' } as const
const HELD_BACK: ReadonlySet<StatusLabel> = new Set(['failed', 'not reached', 'refused'])

/** Whether something goes, or would if this were not a dry run. */
export function losesSomething(repository: RepositoryOutcome, report: PruneReport): boolean {
  const { deleted, untagged, companions } = figuresOf([repository], report)
  return repository.state !== 'refused' && deleted + untagged + countCompanions(companions) > 0
}
