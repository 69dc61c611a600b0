import type { ListSettings } from '../action/list-inputs.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings } from '../action/settings.ts'
import type { Session } from '../compose.ts'
import type { ListReport } from '../domain/list/report.ts'
import { mostInFlight } from '../domain/quantities/concurrency.ts'
import { listAnnotations } from '../report/list/annotations.ts'
import { listFailure } from '../report/list/headline.ts'
import { listLog } from '../report/list/log.ts'
import { NOTHING_LISTED, listOutputs } from '../report/list/outputs.ts'
import { renderListSummary } from '../report/list/summary.ts'
import { listRegistry } from '../usecases/list/list-registry.ts'

/**
 * `mode: list`: looks, lists, tells it everywhere, and only then fails. `available` is written whatever
 * happens.
 * @returns whether the step is green
 */
export async function runList(
  common: CommonSettings,
  settings: ListSettings,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  const report = runner.redact(await look(common, settings, session, runner))
  for (const line of listLog(report)) runner.log.info(line)
  const { requests, retries, bytes } = session.stats()
  runner.log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`)
  if (common.summary) await runner.writeSummary(renderListSummary(report, { runUrl: runner.runUrl }))
  runner.setOutputs(listOutputs(report))
  for (const annotation of listAnnotations(report)) runner.annotate(annotation)
  if (report.result === 'fail') runner.fail(listFailure(report))
  return report.result !== 'fail'
}

function look(
  common: CommonSettings,
  { repositories: choices, tags, shards }: ListSettings,
  session: Session,
  runner: Runner,
): Promise<ListReport> {
  const isInsecure = ({ origin }: CommonSettings['registry']) =>
    common.insecure && origin === common.registry.origin
  const { log } = runner
  const { open, catalog, probe, grants, timeIsUp } = session
  const concurrency = mostInFlight(common.concurrency)
  return listRegistry(
    { choices, tags, shards, isInsecure },
    { open, catalog, probe, grants, log, concurrency, timeIsUp },
  )
}

/** What stands in the outputs should the run end before it knows anything. */
export function startUnavailable(runner: Runner): void {
  runner.setOutputs(listOutputs(NOTHING_LISTED))
}
