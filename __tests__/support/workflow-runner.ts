import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from '../../scripts/bundle.ts'
import { startEmbeddedRegistry, VENDORS, type EmbeddedRegistry } from './embedded-registry.ts'
import { expectNoSecrets, runAction } from './run-action.ts'
import { ACTIONS, runCommands } from './workflow-actions.ts'
import { matrixOf, type Job, type Permissions, type Step, type Workflow } from './workflow-document.ts'
import { condition, interpolate, type Context, type Scope } from './workflow-expressions.ts'
import { StepFailure, type JobMachine, type StepEffect, type WorkflowEvent } from './workflow-job.ts'
import { REPOSITORY, TOKEN, type World } from './workflow-world.ts'

export type Conclusion = 'success' | 'failure' | 'skipped' | 'cancelled' | 'waiting'

export interface StepRun extends StepEffect {
  /** the id, else what it uses or runs */
  readonly name: string
  readonly outcome: 'success' | 'failure' | 'skipped'
}

export interface JobRun {
  readonly id: string
  readonly matrix: Readonly<Record<string, string>>
  readonly conclusion: Conclusion
  readonly steps: readonly StepRun[]
  readonly outputs: Readonly<Record<string, string>>
}

export interface WorkflowRun {
  readonly id: string
  readonly workflow: string
  readonly event: WorkflowEvent
  readonly conclusion: Conclusion
  readonly jobs: readonly JobRun[]
}

export interface RunOptions {
  /** whether a reviewer lets jobs into an environment; without one they wait indefinitely */
  readonly approve?: (environment: string) => boolean | Promise<boolean>
}

/** The run of a workflow, as far as its jobs and steps need it. */
interface Run {
  readonly id: string
  readonly workflow: Workflow
  readonly event: WorkflowEvent
  readonly world: World
  readonly options: RunOptions
  readonly github: Context
  readonly secrets: Context
}

let runs = 0

/**
 * Runs one workflow as GitHub would, job after job. Pull requests of forks get a token that only reads, and
 * no secrets.
 */
export async function runWorkflow(
  workflow: Workflow,
  event: WorkflowEvent,
  world: World,
  options: RunOptions = {},
): Promise<WorkflowRun> {
  runs += 1
  const id = String(9_000_000_000 + runs)
  const secrets: Context = event.isRestricted ? {} : world.secrets
  const run: Run = { id, workflow, event, world, options, secrets, github: githubContext(id, event) }
  const jobs: JobRun[] = []
  for (const name of inOrder(workflow)) jobs.push(...(await runJobs(name, run, jobs)))
  const conclusions = new Set(jobs.map(({ conclusion }) => conclusion))
  const worst = (['failure', 'waiting', 'success'] as const).find((each) => conclusions.has(each))
  return { id, workflow: workflow.name, event, conclusion: worst ?? 'skipped', jobs }
}

/** Jobs after those that they need. */
function inOrder({ jobs }: Workflow): string[] {
  const done: string[] = []
  const waiting = new Set(Object.keys(jobs))
  while (waiting.size > 0) {
    const next = [...waiting].find((name) => jobs[name]?.needs.every((needed) => done.includes(needed)))
    if (next === undefined) throw new Error(`jobs need each other: ${[...waiting].join(', ')}`)
    waiting.delete(next)
    done.push(next)
  }
  return done
}

function githubContext(runId: string, event: WorkflowEvent): Context {
  return {
    actor: event.actor,
    event: event.payload,
    event_name: event.name,
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    repository: REPOSITORY,
    repository_owner: REPOSITORY.split('/')[0] ?? '',
    run_attempt: '1',
    run_id: runId,
    sha: event.sha,
    token: TOKEN,
  }
}

/** All legs of one job's matrix. */
async function runJobs(id: string, run: Run, before: readonly JobRun[]): Promise<JobRun[]> {
  const job = run.workflow.jobs[id]
  if (job === undefined) throw new Error(`there is no job ${id}`)
  const needs = before.filter((each) => job.needs.includes(each.id))
  const contexts = { github: run.github, needs: needsContext(needs) }
  const status = needs.every(({ conclusion }) => conclusion === 'success') ? 'success' : 'failure'
  const none = { id, matrix: {}, steps: [], outputs: {} }
  if (!condition(job.if, { contexts, status })) return [{ ...none, conclusion: 'skipped' }]
  if (job.environment !== undefined && !(await run.options.approve?.(job.environment))) {
    return [{ ...none, conclusion: 'waiting' }]
  }
  const legs: JobRun[] = []
  const combinations = matrixOf(job, (text) => interpolate(text, { contexts, status }))
  if (combinations === null) return [{ ...none, conclusion: 'failure' }]
  for (const matrix of combinations) {
    const stopped = (job.strategy?.['fail-fast'] ?? true) && legs.some((leg) => leg.conclusion === 'failure')
    if (stopped) legs.push({ ...none, matrix, conclusion: 'cancelled' })
    else legs.push(await runJob(id, job, { ...contexts, matrix }, run))
  }
  return legs
}

function needsContext(jobs: readonly JobRun[]): Context {
  return Object.fromEntries(jobs.map(({ id, conclusion, outputs }) => [id, { result: conclusion, outputs }]))
}

async function runJob(id: string, job: Job, contexts: JobContexts, run: Run): Promise<JobRun> {
  const { event, world } = run
  const folder = await mkdtemp(join(tmpdir(), 'job-'))
  const services = await startServices(job)
  try {
    world.permissions = granted(job.permissions ?? run.workflow.permissions, event)
    const machine: JobMachine = {
      world,
      workspace: join(folder, 'work'),
      dockerConfig: join(folder, 'docker'),
      runId: run.id,
      sha: event.sha,
      ref: event.ref,
      event: { name: event.name, payload: event.payload },
      actor: event.actor,
      services,
      checkedOut: null,
      hasBuildx: false,
      logins: new Map(),
      images: new Map(),
      atEnd: [],
    }
    await Promise.all([mkdir(machine.workspace), mkdir(machine.dockerConfig)])
    return { id, matrix: contexts.matrix, ...(await runSteps(job, machine, contexts, run)) }
  } finally {
    world.permissions = {}
    await Promise.all([...services.values()].map((service) => service.stop()))
    await rm(folder, { recursive: true, force: true })
  }
}

interface JobContexts {
  readonly github: Context
  readonly needs: Context
  readonly matrix: Readonly<Record<string, string>>
}

/** What GitHub makes of `permissions:` for a token that may only read. */
function granted(asked: Permissions, { isRestricted }: WorkflowEvent): Permissions {
  if (!isRestricted) return asked
  return Object.fromEntries(
    Object.entries(asked).map(([scope, level]) => [scope, level === 'write' ? 'read' : level]),
  )
}

async function startServices({ services }: Job): Promise<Map<string, EmbeddedRegistry>> {
  const started = new Map<string, EmbeddedRegistry>()
  for (const { image, ports } of Object.values(services)) {
    if (image !== 'registry:2') throw new Error(`the service ${image} is not emulated`)
    const [port] = ports
    if (ports.length !== 1 || port !== '5000:5000') throw new Error(`ports ${ports.join()} are not emulated`)
    started.set('localhost:5000', await startEmbeddedRegistry({ quirks: VENDORS.distribution2 }))
  }
  return started
}

/** What was entered when the run was started by hand. */
function inputsOf({ event }: Run): Context {
  const { inputs = {} } = event.payload as { inputs?: Context }
  return inputs
}

async function runSteps(job: Job, machine: JobMachine, contexts: JobContexts, run: Run) {
  const { github, needs, matrix } = contexts
  const steps: StepRun[] = []
  const known: Record<string, Context> = {}
  let failed = false
  const scope = (env: Context): Scope => ({
    contexts: { github, needs, matrix, inputs: inputsOf(run), secrets: run.secrets, steps: known, env },
    status: failed ? 'failure' : 'success',
  })
  const fill = (values: Readonly<Record<string, string>>, env: Context) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, interpolate(text, scope(env))]))
  const workflowEnv = fill(run.workflow.env, {})
  const jobEnv = { ...workflowEnv, ...fill(job.env, workflowEnv) }

  for (const step of job.steps) {
    const name = step.id ?? step.uses ?? step.run ?? ''
    // secrets are not to be had in a condition
    const { secrets: _, ...conditionContexts } = scope(jobEnv).contexts
    if (!condition(step.if, { ...scope(jobEnv), contexts: conditionContexts })) {
      steps.push({ name, outcome: 'skipped' })
      continue
    }
    const env = { ...jobEnv, ...fill(step.env, jobEnv) }
    const ended = await runStep(step, { inputs: fill(step.with, env), env, machine })
    steps.push({ name, ...ended })
    if (ended.outcome === 'failure' && step['continue-on-error'] !== true) failed = true
    if (step.id !== undefined) known[step.id] = { outcome: ended.outcome, outputs: ended.outputs ?? {} }
  }
  if (!failed) for (const save of machine.atEnd) await save()
  const conclusion: Conclusion = failed ? 'failure' : 'success'
  return { conclusion, steps, outputs: fill(job.outputs, jobEnv) }
}

interface StepParts {
  readonly inputs: Step['with']
  readonly env: Step['env']
  readonly machine: JobMachine
}

async function runStep(
  step: Step,
  { inputs, env, machine }: StepParts,
): Promise<StepEffect & { outcome: 'success' | 'failure' }> {
  try {
    const effect = await effectOf(step, { inputs, env, machine })
    return { outcome: 'success', ...effect }
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    return { outcome: 'failure', log: error.message, ...error.effect }
  }
}

async function effectOf({ uses, run }: Step, { inputs, env, machine }: StepParts): Promise<StepEffect> {
  if (run !== undefined) {
    if (run.includes('${{')) throw new Error(`an expression in a script can inject commands: ${run}`)
    return runCommands(run, machine, env)
  }
  const [, action = ''] = /^([\w-]+\/[\w-]+)@v\d+$/.exec(uses ?? '') ?? []
  if (action === 'registry-warden/registry-warden') return runWarden(inputs, env, machine)
  const emulation = ACTIONS[action]
  if (emulation === undefined) throw new Error(`the action ${uses} is not emulated`)
  return emulation(inputs, machine)
}

/** This project's action, as committed, in a process of its own. */
async function runWarden(
  inputs: Step['with'],
  env: Step['env'],
  { world, services, ...machine }: JobMachine,
): Promise<StepEffect> {
  // only the runner's own network knows this port
  const located = (text: string): string =>
    [...services].reduce((rest, [name, { host }]) => rest.replaceAll(name, host), text)
  const entry = process.env['WARDEN_ENTRY']
  const action = await runAction({
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, located(text)])),
    event: machine.event.payload,
    eventName: machine.event.name,
    githubToken: TOKEN,
    workspace: machine.workspace,
    env: {
      ...world.env,
      ...env,
      DOCKER_CONFIG: machine.dockerConfig,
      GITHUB_ACTOR: machine.actor,
      GITHUB_RUN_ID: machine.runId,
      GITHUB_SHA: machine.sha,
    },
    // while developing, `src/index.ts` saves building `dist`
    ...(entry === undefined ? {} : { entry: resolve(root, entry) }),
  })
  expectNoSecrets(action, TOKEN, ...Object.values(world.secrets))
  const effect = { action, outputs: action.outputs, log: action.stdout }
  if (action.exitCode !== 0) throw new StepFailure('the action failed', effect)
  return effect
}
