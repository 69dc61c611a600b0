import type { PruneReport } from '../../domain/prune/outcome.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { OUTPUT_MAX_BYTES, compactJson } from '../compact-json.ts'
import { circumstancesOf, statusLabel, figuresOf, isGone, isSubjectTag } from './status.ts'
import { pruneJson } from './json.ts'

/** Every output of `mode: prune`, by its name in `action.yml`. In a dry run they say what would happen. */
export function pruneOutputs(report: PruneReport, units: Units): Record<string, string> {
  const figures = figuresOf(report.repositories, report)
  return {
    result: report.verdict,
    'dry-run': String(report.dryRun),
    'deleted-count': String(figures.deleted),
    'untagged-count': String(figures.untagged),
    'kept-count': String(figures.kept),
    'skipped-count': String(figures.skipped),
    'failed-count': String(figures.failed),
    'deleted-manifests-count': String(figures.companions.manifests),
    'deleted-tags': tagList(deletedTags(report)),
    'reclaimed-bytes': String(report.reclaimedBytes),
    'reclaimed-human': formatBytes(report.reclaimedBytes, units),
    // also where something failed as well: then the result says that
    partial: String(
      report.isCancelled === true ||
        figures.pending > 0 ||
        report.repositories.some(({ state }) => state === 'partial'),
    ),
    json: compactJson(pruneJson(report)),
  }
}

/** As many as `deleted-count` says; those of several repositories one after the other. */
function deletedTags(report: PruneReport): string[] {
  return report.repositories.flatMap((repository) => {
    const circumstances = circumstancesOf(repository, report)
    return repository.tags
      .filter(
        (tag) => tag.decision === 'delete' && !isSubjectTag(tag) && isGone(statusLabel(tag, circumstances)),
      )
      .map(({ tag }) => tag)
  })
}

/**
 * Above the limit of an output it is `null`: whoever goes through the list notices, where half a list would
 * look whole.
 */
function tagList(tags: readonly string[]): string {
  const text = JSON.stringify(tags)
  return Buffer.byteLength(text) <= OUTPUT_MAX_BYTES ? text : 'null'
}
