import { readWhole, writeWhole } from '../action/files.ts'
import { createUndoFile, isUndoFileTaken } from '../action/undo-file.ts'
import { readProtectFiles } from '../action/protect-files.ts'
import type { PruneSettings } from '../action/prune-settings.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings } from '../action/settings.ts'
import { protectionOf } from '../domain/prune/protection.ts'
import type { PruneDeps } from '../usecases/prune/deps.ts'
import { prune } from '../usecases/prune/prune.ts'
import type { PruneRequest } from '../usecases/prune/prune.ts'
import { checkReviewed, expandRepositories } from '../usecases/repositories.ts'
import { WardenError } from '../domain/errors.ts'
import type { EventContext } from '../domain/event.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import { readEvent } from '../github/event-file.ts'
import { isStorageFolder } from '../domain/names/registry.ts'
import { formatDuration } from '../domain/quantities/duration.ts'
import { asTimestamp } from '../domain/quantities/timestamp.ts'
import { mostInFlight } from '../domain/quantities/concurrency.ts'
import type { PlanWarning } from '../domain/prune/decision.ts'
import type { PruneTarget } from '../domain/prune/ports.ts'
import type { PruneReport } from '../domain/prune/outcome.ts'
import type { RepositoryPlace } from '../report/prune/garbage-collection.ts'
import { pruneAnnotations } from '../report/prune/annotations.ts'
import { pruneFailure } from '../report/prune/headline.ts'
import { pruneJson } from '../report/prune/json.ts'
import { pruneLog } from '../report/prune/log.ts'
import { pruneOutputs } from '../report/prune/outputs.ts'
import { renderPruneSummary } from '../report/prune/summary.ts'
import { collectGarbage } from './collect-garbage.ts'
import { announceStorageWrites } from './storage-notices.ts'
import { openLiveTags } from './live-tags.ts'
import type { Session } from '../compose.ts'
import { MAX_PLAN_BYTES, parsePlanFile } from '../wire/plan-file.ts'
import { undoHeader, undoLine } from '../wire/undo-file.ts'

/**
 * `mode: prune`: plans, deletes unless it is a dry run, then tells it everywhere, and only then fails.
 * @returns whether the step is green
 */
export async function runPrune(
  common: CommonSettings,
  settings: PruneSettings,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  const event = await readEvent(runner.env)
  if (isReadOnlyEvent(event)) {
    runner.log.notice(
      'Nothing is pruned: GitHub gives pull requests of forks and of Dependabot a token that only reads. ' +
        'A scheduled prune with protect-refs deletes what they left behind',
    )
    runner.setOutputs(pruneOutputs(NOTHING_DONE(settings.dryRun), common.units))
    return true
  }
  if (!settings.dryRun) announceStorageWrites(common.registry, settings, runner.log)
  const request = await prepare(settings, session, openLiveTags(common, settings, session, event, runner))
  const { undoFile, dryRun } = settings
  // before the first deletion, and before anything is read: an earlier run's file must not be lost
  const undo =
    undoFile === null || dryRun ? null : await createUndoFile(undoFile, undoHeader(session.clock()))
  const deps = depsOf(common, settings, session, runner)
  const record: PruneDeps['record'] = undo === null ? undefined : (entry) => undo.append(undoLine(entry))
  const pruned = await prune(request, record === undefined ? deps : { ...deps, record })
  await undo?.close()
  const report = runner.redact(await collectGarbage(pruned, request, settings, session))
  const seen = new Map(report.repositories.map(({ repository, freesAtOnce }) => [repository, freesAtOnce]))
  const providers = new Map(
    request.targets.map(({ target }) => [target.name, placeOf(target, seen.get(target.name) === true)]),
  )
  await publish(report, common, { ...settings, providers }, session, runner)
  return report.verdict !== 'fail'
}

function depsOf(
  { concurrency, maxDuration }: CommonSettings,
  { planFile }: PruneSettings,
  { clock, clockLead, sleep, timeIsUp, ending }: Session,
  { log, redact }: Runner,
): PruneDeps {
  const begun = clock()
  const zero = performance.now()
  return {
    log,
    // a time server may set the clock of the machine meanwhile
    now: () => asTimestamp(begun + performance.now() - zero),
    // what was pushed an hour ago is a day old by a clock that is a day fast
    today: () => asTimestamp(clock() - clockLead()),
    concurrency: mostInFlight(concurrency),
    sleep,
    timeIsUp,
    isCancelled: () => ending.reason() === 'cancelled',
    orAbandoned: ending.orAbandoned,
    isTimeToDelete: () => maxDuration !== null && clock() - begun > maxDuration / 2,
    onPlanned: async (report) => {
      warnOfFastClock(clockLead(), log)
      if (planFile !== null) await writePlan(planFile, redact(report))
      ending.beginWrites()
    },
  }
}

function warnOfFastClock(lead: number, log: Runner['log']): void {
  if (lead === 0) return
  const ahead = `The clock of this runner is ${formatDuration(lead)} ahead of the registry's`
  log.warning(`${ahead}: ages are judged by the earlier of the two`)
}

async function writePlan(path: string, report: PruneReport): Promise<void> {
  await writeWhole(path, `${JSON.stringify(pruneJson(report), null, 2)}\n`, 'plan-file')
}

/**
 * Whoever may open a pull request could otherwise delete images: with its workflow, or with what it makes a
 * trusted one do. What a closed one left behind is deleted by the workflow of its target.
 * @returns whether the token of this run can only read
 * @throws WardenError of kind `input` for every other event about pull requests
 */
function isReadOnlyEvent({ event, pullRequest }: EventContext): boolean {
  if (!event.startsWith('pull_request')) return false
  if (event === 'pull_request' && pullRequest?.action === 'closed') return pullRequest.isRestricted
  throw new WardenError('input', `mode prune does not run on ${event} events`, {
    advice: 'Run it on schedule, workflow_dispatch, push, or on pull_request with types: [closed]',
  })
}

const NOTHING_DONE = (dryRun: boolean): PruneReport => ({
  dryRun,
  repositories: [],
  reclaimedBytes: asBytes(0),
  reclaimsMore: false,
  verdict: 'pass',
})

async function prepare(
  settings: PruneSettings,
  session: Session,
  liveTags: PruneRequest['liveTags'],
): Promise<PruneRequest> {
  const { files, unmatched } = await readProtectFiles(settings.protectFiles, session.timeIsUp)
  const warnings = unmatched.map((pattern) => withoutFile(pattern, settings.dryRun))
  const reviewed =
    settings.applyPlan === null
      ? null
      : parsePlanFile(await readWhole(settings.applyPlan, MAX_PLAN_BYTES, 'apply-plan'))
  const repositories = await expandRepositories(settings.repositories, session.catalog)
  if (reviewed !== null) checkReviewed(reviewed, repositories)
  const { policy, dryRun, validate } = settings
  const swap = policy.sharedDigest === 'swap'
  const targets = await Promise.all(
    repositories.map(async (repository) => ({
      target: await session.target(repository, { swap, mayWrite: !dryRun }),
      protection: protectionOf(files, repository),
    })),
  )
  const live = liveTags === undefined ? {} : { liveTags }
  return { targets, policy, dryRun, validate, reviewed, warnings, ...live }
}

/**
 * A pattern that protects nothing is mostly a checkout that was forgotten: in a dry run worth a warning.
 * @throws WardenError of kind `input` where something would be deleted
 */
function withoutFile(pattern: string, dryRun: boolean): PlanWarning {
  const message = `protect-files: ${pattern} matches no file`
  const advice = 'Check out before this step, or correct or remove the pattern'
  if (!dryRun) throw new WardenError('input', `input ${message}`, { advice })
  return {
    kind: 'no-file',
    subject: pattern,
    message: `${message}, which is an error without dry-run. ${advice}`,
  }
}

function placeOf({ origin, provider }: PruneTarget, freesAtOnce: boolean): RepositoryPlace {
  if (isStorageFolder({ origin })) return 'folder'
  return freesAtOnce && provider === 'generic' ? 'at-once' : provider
}

/**
 * Log, plan file, summary and outputs before the annotations, so that the verdict is the last thing in the
 * log.
 */
async function publish(
  report: PruneReport,
  { units, summary }: CommonSettings,
  {
    planFile,
    undoFile,
    providers,
  }: PruneSettings & { readonly providers: ReadonlyMap<string, RepositoryPlace> },
  session: Session,
  runner: Runner,
): Promise<void> {
  const now = session.clock()
  for (const line of pruneLog(report, { units, now })) runner.log.info(line)
  const { requests, retries, bytes } = session.stats()
  runner.log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`)
  if (planFile !== null) await writePlan(planFile, report)
  const isTaken = undoFile !== null && report.dryRun && (await isUndoFileTaken(undoFile))
  const undo = undoFile === null ? {} : { undoFile, isUndoFileTaken: isTaken }
  if (summary) {
    const { runUrl } = runner
    const providerOf = (repository: string) => providers.get(repository) ?? 'generic'
    const options = { units, now, providerOf, ...(runUrl === null ? {} : { runUrl }) }
    await runner.writeSummary(renderPruneSummary(report, { ...options, ...undo }))
  }
  runner.setOutputs(pruneOutputs(report, units))
  for (const annotation of pruneAnnotations(report, { units, ...undo })) runner.annotate(annotation)
  if (report.verdict === 'fail') runner.fail(pruneFailure(report, units))
}
