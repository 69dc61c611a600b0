import type { ListReport } from '../../domain/list/report.ts'
import { OUTPUT_MAX_BYTES, compactJson } from '../compact-json.ts'
import { listJson } from './json.ts'

/** Every output of `mode: list`, by its name in `action.yml`. */
export function listOutputs(report: ListReport): Record<string, string> {
  const { result, available, repositories, shards } = report
  const tags = repositories.flatMap((each) => (each.tags === null ? [] : [[each.repository, each.tags]]))
  const include = shards.map(({ shard, repositories: own }) => ({ shard, image: own.join('\n') }))
  return {
    result,
    available: String(available),
    repositories: bounded(repositories.map(({ repository }) => repository)),
    tags: bounded(Object.fromEntries(tags)),
    matrix: bounded({ include }),
    json: compactJson(listJson(report)),
  }
}

/** What a run that found out nothing leaves behind. */
export const NOTHING_LISTED: ListReport = {
  available: false,
  checks: [],
  repositories: [],
  shards: [],
  result: 'fail',
}

/** Names of the outputs that are too large for GitHub, which are written as `null`. */
export function oversized(report: ListReport): string[] {
  const outputs = listOutputs(report)
  return ['repositories', 'tags', 'matrix'].filter((name) => outputs[name] === 'null')
}

/** Above the limit of an output it is `null`: `fromJSON` of it fails, where half a list would look whole. */
function bounded(value: object): string {
  const text = JSON.stringify(value)
  return Buffer.byteLength(text) <= OUTPUT_MAX_BYTES ? text : 'null'
}
