import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { runAction, type ActionResult, type ActionRun } from '../../__tests__/support/run-action.ts'
import { sum } from '../../__tests__/support/images.ts'
import { root } from '../bundle.ts'
import { findAbilities, type Abilities } from './abilities.ts'
import { fixture, POLICY, type Fixture } from './fixture.ts'
import { judgeSizes, judgeTold, lastError } from './judge.ts'
import type { Options } from './options.ts'
import { plainClient, type PlainClient } from './plain-client.ts'
import { can, judged, type Row } from './row.ts'
import { changes, cleanUp, look, losses, pushAll, type Pushed, type Sight } from './world.ts'

const ActionYaml = z.object({ inputs: z.record(z.string(), z.object({ description: z.string() })) })

/** Everything one examination works with. */
interface Examination {
  readonly client: PlainClient
  readonly abilities: Abilities
  readonly fixture: Fixture
  readonly pushed: Pushed
  readonly folder: string
  readonly act: (inputs: Readonly<Record<string, string>>) => Promise<ActionResult>
}

/**
 * Pushes, measures, prunes, undoes and cleans up; one row for each thing found out.
 * @param run starts the action, `dist` where nothing else is given
 */
export async function examine(
  options: Options,
  run: (run: ActionRun) => Promise<ActionResult> = runAction,
): Promise<readonly Row[]> {
  const now = Date.now()
  const client = plainClient(options)
  const found = await client.tags()
  if (found.length > 0) {
    throw new Error(`${options.repository} has tags already: name a repository that does not exist yet`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  const set = fixture(`${options.repository} ${now}`, now)
  const probes: Abilities['probes'][number][] = []
  try {
    const abilities = await findAbilities(client, `${options.repository} ${now}`)
    probes.push(...abilities.probes)
    const pushed = await pushAll(client, set, abilities.referrersApi)
    const act = actor(options, run)
    const runs = await examineRuns({ client, abilities, fixture: set, pushed, folder, act })
    return [...abilities.rows, ...pushed.rows, ...runs]
  } finally {
    await rm(folder, { recursive: true, force: true })
    const left = await cleanUp(client, [...set.pushes.map(({ image }) => image), ...probes])
    if (left.length > 0) console.error(`Left in ${options.repository}, remove by hand: ${left.join(', ')}`)
  }
}

/** Runs the action with what every run needs; the password goes by the environment, as on a runner. */
function actor(
  { registry, repository, username, password, provider }: Options,
  run: (run: ActionRun) => Promise<ActionResult>,
): Examination['act'] {
  const login = username === '' ? {} : { username, password }
  const certificates = process.env['NODE_EXTRA_CA_CERTS']
  return async (inputs) =>
    await run({
      inputs: { registry, image: repository, provider, ...login, ...inputs },
      eventName: 'schedule',
      timeoutMs: 600_000,
      ...(certificates && { env: { NODE_EXTRA_CA_CERTS: certificates } }),
    })
}

async function examineRuns(examination: Examination): Promise<readonly Row[]> {
  const { client, act, pushed, fixture } = examination
  const names = Object.keys(fixture.measured).join(', ')
  const isFresh = (await client.ask('GET', 'tags/list?n=1000')).body.toString().includes('"stable"')
  const size = await act({ mode: 'size', tags: names })
  const before = await look(client, pushed)
  const dry = await act({ mode: 'prune', ...POLICY })
  const afterDry = await look(client, pushed)
  const dryWrong = changes(before, afterDry).concat(dry.exitCode === 0 ? [] : [lastError(dry)])
  return [
    can('a list shows a push at once', isFresh, isFresh ? '' : 'a cache is in front of it'),
    isFresh ? judgeSizes(size, fixture) : { verdict: 'untried', what: 'sizes', detail: 'the list is stale' },
    judged('a dry prune changes nothing', dryWrong, `would delete ${dry.outputs['deleted-count'] ?? '?'}`),
    ...(await examinePrune(examination, before)),
  ]
}

async function examinePrune(examination: Examination, before: Sight): Promise<readonly Row[]> {
  const { client, act, pushed, fixture, abilities, folder } = examination
  const hasUndo = await knowsUndo()
  const [undoFile, secondUndoFile] = [join(folder, 'undo.jsonl'), join(folder, 'second-undo.jsonl')]
  const real = { mode: 'prune', ...POLICY, 'dry-run': 'false' }
  const withUndo = (file: string) => ({ ...real, ...(hasUndo && { 'undo-file': file }) })
  const first = await act(withUndo(undoFile))
  const after = await look(client, pushed)
  const lost = await losses(client, fixture, pushed, [before, after])
  const rows = [
    judged('a prune loses nothing', lost),
    judgeTold(first, fixture, before, after),
    judgeEnd('a prune ends green', first, abilities),
  ]
  // where the first one stopped halfway, the second one deletes too
  rows.push(await examineAgain(examination, withUndo(secondUndoFile), first, [before, after]))
  if (!hasUndo) rows.push({ verdict: 'untried', what: 'undo', detail: 'this version has no mode undo' })
  else rows.push(...(await examineUndo(examination, [secondUndoFile, undoFile].filter(existsSync), before)))
  return rows
}

/** A second prune deletes nothing more, unless the first one stopped at what the registry did to it. */
async function examineAgain(
  { client, act, pushed, fixture, abilities }: Examination,
  real: Readonly<Record<string, string>>,
  first: ActionResult,
  [before, after]: readonly [Sight, Sight],
): Promise<Row> {
  await act(real)
  const again = await look(client, pushed)
  const lost = await losses(client, fixture, pushed, [before, again])
  const isSettled = first.exitCode === 0 && abilities.deletesAsSpecified
  return isSettled
    ? judged('a second prune changes nothing', [...lost, ...changes(after, again)])
    : judged('a second prune loses nothing', lost)
}

/** A run that ends red is right where the registry is not as the distribution spec says, and says why. */
function judgeEnd(what: string, run: ActionResult, { deletes, deletesAsSpecified }: Abilities): Row {
  if (run.exitCode === 0) return judged(what, [])
  const isSound = deletes && deletesAsSpecified
  return isSound ? judged(what, [lastError(run)]) : { verdict: 'untried', what, detail: lastError(run) }
}

async function examineUndo(
  { act, client, pushed, abilities }: Examination,
  undoFiles: readonly string[],
  before: Sight,
): Promise<readonly Row[]> {
  const undo = async (): Promise<readonly ActionResult[]> => {
    const runs: ActionResult[] = []
    for (const file of undoFiles) runs.push(await act({ mode: 'undo', 'undo-file': file }))
    return runs
  }
  const first = await undo()
  const after = await look(client, pushed)
  const missing = changes(before, after)
  const detail = `${countOf(first, 'restored-count')} restored, ${countOf(first, 'unrestored-count')} not`
  const told = first.some((run) => run.exitCode !== 0 && run.outputs['unrestored-count'] !== '0')
  const row: Row =
    missing.length > 0 && told
      ? {
          verdict: 'untried',
          what: 'an undo brings everything back',
          detail: [detail, ...first.flatMap((run) => redOf(run, abilities))].join(': '),
        }
      : judged(
          'an undo brings everything back',
          missing.concat(first.flatMap((run) => redOf(run, abilities))),
          detail,
        )
  const restored = countOf(await undo(), 'restored-count')
  const wrong = changes(after, await look(client, pushed)).concat(
    restored === 0 ? [] : [`${restored} restored`],
  )
  return [row, judged('a second undo writes nothing', told ? [] : wrong)]
}

function countOf(runs: readonly ActionResult[], output: string): number {
  return sum(runs.map(({ outputs }) => Number(outputs[output] ?? NaN)))
}

function redOf(run: ActionResult, { deletes }: Abilities): readonly string[] {
  return run.exitCode === 0 || !deletes ? [] : [lastError(run)]
}

/** Whether this version writes an undo file and has the mode that reads it. */
async function knowsUndo(): Promise<boolean> {
  const { inputs } = ActionYaml.parse(parse(await readFile(join(root, 'action.yml'), 'utf8')))
  return 'undo-file' in inputs && /\bundo\b/.test(inputs['mode']?.description ?? '')
}
