import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { build, exportArchive, login, pushImage } from './workflow-docker.ts'
import type { Step } from './workflow-document.ts'
import { grants } from './workflow-github.ts'
import { StepFailure, type JobMachine, type StepEffect } from './workflow-job.ts'
import { TOKEN } from './workflow-world.ts'

type Inputs = Step['with']
type Emulation = (inputs: Inputs, machine: JobMachine) => Promise<StepEffect>

/**
 * The actions of others that the documents use, each with the inputs that are known; any other one throws.
 */
export const ACTIONS: Readonly<Record<string, Emulation>> = {
  'actions/checkout': async (inputs, machine) => {
    const known = z.strictObject({ ref: z.string().optional(), 'persist-credentials': z.literal('false') })
    const sha = known.parse(inputs).ref ?? machine.sha
    if (!grants(machine.world.permissions, 'contents', 'read')) throw new StepFailure('Repository not found')
    const commit = machine.world.commits.get(sha)
    if (commit === undefined) throw new StepFailure(`${sha}: no such commit`)
    for (const [path, text] of Object.entries(commit.files ?? {})) await put(machine, path, text)
    machine.checkedOut = commit
    return { log: `HEAD is now at ${sha}` }
  },

  'actions/upload-artifact': async (inputs, { world, runId, workspace }) => {
    const known = z.strictObject({
      name: z.string(),
      path: z.string(),
      'if-no-files-found': z.literal('ignore').optional(),
    })
    const { name, path } = known.parse(inputs)
    const ofRun = world.artifacts.get(runId) ?? new Map<string, ReadonlyMap<string, Buffer>>()
    if (ofRun.has(name)) throw new StepFailure(`an artifact with the name ${name} exists already`)
    const content = await readFile(join(workspace, path)).catch(() => null)
    if (content === null) return { log: `Warning: no files were found with the path ${path}` }
    world.artifacts.set(runId, ofRun.set(name, new Map([[basename(path), content]])))
    return {}
  },

  'actions/download-artifact': async (inputs, machine) => {
    const known = z.strictObject({
      name: z.string(),
      'run-id': z.string().optional(),
      'github-token': z.string().optional(),
    })
    const { name, 'run-id': runId = machine.runId, 'github-token': token } = known.parse(inputs)
    if (runId !== machine.runId && token !== TOKEN) {
      throw new StepFailure('artifacts of another run need github-token')
    }
    if (runId !== machine.runId && !grants(machine.world.permissions, 'actions', 'read')) {
      throw new StepFailure('Resource not accessible by integration')
    }
    const artifact = machine.world.artifacts.get(runId)?.get(name)
    if (artifact === undefined) throw new StepFailure(`Artifact not found for name: ${name}`)
    for (const [path, content] of artifact) await put(machine, path, content)
    return {}
  },

  'actions/cache': async (inputs, machine) => {
    const known = z.strictObject({ path: z.string(), key: z.string(), 'restore-keys': z.string() })
    const { path, key, 'restore-keys': prefix } = known.parse(inputs)
    const { cache } = machine.world
    const newest = [...cache].findLast(([name]) => name === key || name.startsWith(prefix))
    if (newest !== undefined) await put(machine, path, newest[1])
    machine.atEnd.push(async () => {
      const content = await readFile(join(machine.workspace, path)).catch(() => null)
      if (content !== null && !cache.has(key)) cache.set(key, content)
    })
    return {}
  },

  'docker/login-action': async (inputs, machine) => {
    const known = z.strictObject({
      registry: z.string().default('docker.io'),
      username: z.string(),
      password: z.string(),
    })
    const { registry, username, password } = known.parse(inputs)
    await login(machine, registry, username, password)
    return {}
  },

  'docker/setup-buildx-action': (inputs, machine) => {
    z.strictObject({}).parse(inputs)
    machine.hasBuildx = true
    return Promise.resolve({})
  },

  'docker/metadata-action': (inputs, machine) => {
    const known = z.strictObject({ images: z.string(), tags: z.string() })
    const { images, tags } = known.parse(inputs)
    const [, major, minor, patch] = /^refs\/tags\/v(\d+)\.(\d+)\.(\d+)$/.exec(machine.ref) ?? []
    if (patch === undefined) throw new Error(`${machine.ref} is not emulated: write vMAJOR.MINOR.PATCH`)
    const version = `${major}.${minor}.${patch}`
    const names = lines(tags).map((line) => {
      const [, pattern] = /^type=semver,pattern=(.+)$/.exec(line) ?? []
      if (pattern === undefined) throw new Error(`the tag ${line} is not emulated`)
      return pattern.replaceAll(/\{\{(version|major|minor)\}\}/g, (_, part: string) =>
        part === 'version' ? version : ((part === 'major' ? major : minor) ?? ''),
      )
    })
    // the newest release is `latest`, too
    const all = lines(images).flatMap((image) => [...names, 'latest'].map((name) => `${image}:${name}`))
    return Promise.resolve({ outputs: { tags: all.join('\n'), version } })
  },

  'docker/build-push-action': async (inputs, machine) => {
    const known = z.strictObject({
      context: z.string(),
      push: z.literal('true').optional(),
      tags: z.string().optional(),
      outputs: z.string().optional(),
    })
    const { context, push, tags, outputs } = known.parse(inputs)
    const image = build(machine, context)
    if (outputs !== undefined) await exportArchive(machine, outputs, image)
    for (const tag of push === undefined ? [] : lines(tags ?? '')) await pushImage(machine, tag, image)
    return { outputs: { digest: image.manifest.digest } }
  },
}

type Command = readonly [RegExp, (machine: JobMachine, groups: readonly string[], env: Inputs) => unknown]

/** The commands that the documents use, in exactly this form; any other line throws. */
const COMMANDS: readonly Command[] = [
  [
    /^docker build --tag (\S+) (\S+)$/,
    (machine, [tag = '', context = '']) => machine.images.set(tag, build(machine, context)),
  ],
  [
    /^docker push (\S+)$/,
    async (machine, [reference = '']) => {
      const image = machine.images.get(reference)
      if (image === undefined) throw new StepFailure(`An image does not exist locally: ${reference}`)
      await pushImage(machine, reference, image)
    },
  ],
  [
    /^docker buildx build --output (\S+) (\S+)$/,
    (machine, [output = '', context = '']) => exportArchive(machine, output, build(machine, context)),
  ],
  [
    /^echo "([^"$`\\]*(?:\$[A-Z_]+[^"$`\\]*)*)"$/,
    (_, [text = ''], env) => text.replaceAll(/\$([A-Z_]+)/g, (_variable, name: string) => env[name] ?? ''),
  ],
]

/** The lines of a `run:` one after the other; what they print is the log. */
export async function runCommands(script: string, machine: JobMachine, env: Inputs): Promise<StepEffect> {
  const log: string[] = []
  for (const line of lines(script)) {
    const command = COMMANDS.find(([pattern]) => pattern.test(line))
    if (command === undefined) throw new Error(`the command ${line} is not emulated`)
    const printed = await command[1](machine, (command[0].exec(line) ?? []).slice(1), env)
    if (typeof printed === 'string') log.push(printed)
  }
  return { log: log.join('\n') }
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

async function put({ workspace }: JobMachine, path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(workspace, path)), { recursive: true })
  await writeFile(join(workspace, path), content)
}
