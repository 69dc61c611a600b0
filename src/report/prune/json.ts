import type { Cause, Decision, Reason } from '../../domain/prune/decision.ts'
import type { AgeOrigin } from '../../domain/prune/inventory.ts'
import type {
  ItemStatus,
  ManifestOutcome,
  PruneReport,
  RepositoryOutcome,
  TagOutcome,
} from '../../domain/prune/outcome.ts'
import { ruleText } from '../../domain/prune/rule.ts'
import { formatTimestamp } from '../../domain/quantities/timestamp.ts'

/** The `json` output of `mode: prune`, version 1. */
export interface PruneJson {
  readonly schemaVersion: 1
  readonly mode: 'prune'
  readonly dryRun: boolean
  readonly repositories: readonly RepositoryJson[]
  readonly reclaimedBytes: number
}

export interface RepositoryJson {
  /** `host/path` */
  readonly repository: string
  readonly tags: readonly TagJson[]
  readonly manifests: readonly ManifestJson[]
  readonly reclaimedBytes: number
}

interface CauseJson {
  readonly reason: Reason
  /** the tag, digest or rule that decided */
  readonly decidedBy: { readonly tag: string } | { readonly digest: string } | { readonly rule: string }
}

export interface TagJson extends CauseJson {
  readonly tag: string
  readonly digest: string | null
  /** `at` is RFC 3339 in UTC */
  readonly age: { readonly at: string; readonly source: AgeOrigin } | null
  readonly decision: Decision
  readonly status: ItemStatus
}

export interface ManifestJson extends CauseJson {
  readonly digest: string
  readonly decision: 'keep' | 'delete'
  readonly status: ItemStatus
}

/** A report as data. */
export function pruneJson({ dryRun, repositories, reclaimedBytes }: PruneReport): PruneJson {
  return {
    schemaVersion: 1,
    mode: 'prune',
    dryRun,
    repositories: repositories.map(repositoryJson),
    reclaimedBytes,
  }
}

function repositoryJson({ repository, tags, manifests, reclaimedBytes }: RepositoryOutcome): RepositoryJson {
  return { repository, tags: tags.map(tagJson), manifests: manifests.map(manifestJson), reclaimedBytes }
}

function causeJson({ reason, decidedBy }: Cause): CauseJson {
  return { reason, decidedBy: 'rule' in decidedBy ? { rule: ruleText(decidedBy.rule) } : decidedBy }
}

function tagJson({ tag, digest, age, decision, reason, decidedBy, status }: TagOutcome): TagJson {
  const dated = age === null ? null : { at: formatTimestamp(age.at), source: age.source }
  return { tag, digest, age: dated, decision, ...causeJson({ reason, decidedBy }), status }
}

function manifestJson({ digest, decision, reason, decidedBy, status }: ManifestOutcome): ManifestJson {
  return { digest, decision, ...causeJson({ reason, decidedBy }), status }
}
