import type { AgeObservation } from '../domain/prune/inventory.ts'
import type { PruneReport, RepositoryOutcome } from '../domain/prune/outcome.ts'
import { formatTimestamp } from '../domain/quantities/timestamp.ts'

/** A whole report as a plan file, which people review and `apply-plan` reads. */
export function formatPlanFile(report: PruneReport): string {
  const plan = {
    schemaVersion: 1,
    mode: 'prune',
    dryRun: report.dryRun,
    repositories: report.repositories.map(repositoryJson),
    reclaimedBytes: report.reclaimedBytes,
  }
  return `${JSON.stringify(plan, null, 2)}\n`
}

function repositoryJson({ repository, state, tags, manifests, reclaimedBytes }: RepositoryOutcome) {
  return {
    repository,
    state,
    tags: tags.map(({ tag, digest, age, decision, reason, decidedBy, status }) => ({
      tag,
      digest,
      age: ageJson(age),
      decision,
      reason,
      decidedBy,
      status,
    })),
    manifests: manifests.map(({ digest, kind, decision, reason, decidedBy, status }) => ({
      digest,
      kind,
      decision,
      reason,
      decidedBy,
      status,
    })),
    reclaimedBytes,
  }
}

function ageJson(age: AgeObservation | null) {
  return age === null ? null : { at: formatTimestamp(age.at), source: age.source }
}
