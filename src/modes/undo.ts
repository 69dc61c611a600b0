import { readWhole } from '../action/files.ts'
import type { UndoSettings } from '../action/prune-settings.ts'
import type { RepositoryInput } from '../action/repository-inputs.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings } from '../action/settings.ts'
import type { Session } from '../compose.ts'
import { WardenError } from '../domain/errors.ts'
import { formatRepository, parseRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { NothingToUndo } from '../domain/prune/undo-outcome.ts'
import { announceStorageWrites } from './storage-notices.ts'
import { undoAnnotations, undoFailure, undoHeadline, undoRemark } from '../report/undo/log.ts'
import { undoOutputs } from '../report/undo/outputs.ts'
import { renderUndoSummary } from '../report/undo/summary.ts'
import { undo } from '../usecases/undo/undo.ts'
import type { UndoRequest } from '../usecases/undo/undo.ts'
import { MAX_UNDO_BYTES, parseUndoFile } from '../wire/undo-file.ts'
import type { UndoManifest } from '../wire/undo-file.ts'

/**
 * `mode: undo`: puts back what a prune deleted, from its undo file. It overwrites nothing, so there is no dry
 * run.
 * @returns whether the step is green
 */
export async function runUndo(
  common: CommonSettings,
  settings: UndoSettings,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  refusePullRequests(runner.env['GITHUB_EVENT_NAME'])
  const bytes = await readWhole(settings.undoFile, MAX_UNDO_BYTES, 'undo-file')
  const { manifests, isCut } = parseUndoFile(bytes)
  if (isCut) runner.log.notice('undo-file: the last line was cut and is ignored; nothing was deleted by it')
  announceStorageWrites(common.registry, { garbageCollect: false, undoFile: null }, runner.log)
  const request = await prepare(manifests, common, settings, session)
  session.ending.beginWrites()
  const { timeIsUp, sleep } = session
  const report = runner.redact(await undo(request, { log: runner.log, timeIsUp, sleep }))
  const remark = undoRemark(report)
  if (remark !== null) runner.log.warning(remark)
  for (const annotation of undoAnnotations(report)) runner.annotate(annotation)
  runner.log.info(undoHeadline(report))
  const now = session.clock()
  const { units } = common
  const options = {
    units,
    now,
    ...(runner.runUrl === null ? {} : { runUrl: runner.runUrl }),
  }
  if (common.summary) await runner.writeSummary(renderUndoSummary(report, options))
  runner.setOutputs(undoOutputs(report))
  if (report.verdict === 'fail') runner.fail(undoFailure(report))
  return report.verdict !== 'fail'
}

/**
 * Whoever may open a pull request could otherwise bring deleted images back.
 * @throws WardenError of kind `input`
 */
function refusePullRequests(event: string | undefined): void {
  if (event === undefined || !event.startsWith('pull_request')) return
  throw new WardenError('input', `mode undo does not run on ${event} events`, {
    advice: 'Run it on schedule, workflow_dispatch or push',
  })
}

/** Every name is checked before the first request: whoever wrote the file must not choose where we log in. */
async function prepare(
  manifests: readonly UndoManifest[],
  { registry }: CommonSettings,
  { repositories: chosen }: UndoSettings,
  session: Session,
): Promise<UndoRequest> {
  const hosts = new Set([registry.host, ...chosen.map((input) => registryOf(input).host)])
  const named = [...Map.groupBy(manifests, ({ repository }) => repository)].map(([name, deleted]) => {
    const repository = parseRepository(name, registry, 'undo-file')
    if (!hosts.has(repository.registry.host)) throw foreign(repository)
    return { repository, deleted }
  })
  const wanted = named.filter(({ repository }) => chosen.length === 0 || chosen.some(covers(repository)))
  const targets = await Promise.all(
    wanted.map(async ({ repository, deleted }) => ({
      target: await session.target(repository, { swap: true, mayWrite: true }),
      deleted,
    })),
  )
  const deletedIn = named.map(({ repository }) => formatRepository(repository))
  const nothing: NothingToUndo =
    named.length === 0 ? { kind: 'no-deletion' } : { kind: 'not-of-image', repositories: deletedIn }
  return targets.length === 0 ? { targets, nothing } : { targets }
}

function registryOf(input: RepositoryInput) {
  return input.kind === 'glob' ? input.glob.registry : input.repository.registry
}

function covers({ registry, path }: Repository) {
  return (input: RepositoryInput): boolean =>
    registryOf(input).origin === registry.origin &&
    (input.kind === 'glob' ? input.glob.pattern.matches(path) : input.repository.path === path)
}

function foreign(repository: Repository): WardenError {
  const name = formatRepository(repository)
  return new WardenError(
    'input',
    `input undo-file: ${name} is at a registry that neither registry nor image names`,
    { advice: `If that is right, add image: ${name}` },
  )
}
