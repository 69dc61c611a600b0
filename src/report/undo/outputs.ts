import type { UndoReport } from '../../domain/prune/undo-outcome.ts'
import { compactJson } from '../compact-json.ts'

/** The `json` output of `mode: undo`, version 1. */
function undoJson({ verdict, repositories }: UndoReport) {
  return {
    schemaVersion: 1,
    mode: 'undo',
    result: verdict,
    repositories: repositories.map(({ repository, tags, manifests }) => ({
      repository,
      tags: tags.map(({ tag, digest, status }) => ({ tag, digest, status })),
      manifests: manifests.map(({ digest, status }) => ({ digest, status })),
    })),
  } as const
}

/** Every output of `mode: undo`, by its name in `action.yml`. */
export function undoOutputs(report: UndoReport): Record<string, string> {
  return {
    result: report.verdict,
    'restored-count': String(report.restored),
    'unrestored-count': String(report.unrestored),
    json: compactJson(undoJson(report)),
  }
}
