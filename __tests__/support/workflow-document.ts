import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../../scripts/bundle.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const texts = z.record(z.string(), scalar)
const condition = z.union([z.string(), z.boolean()]).optional()
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())])

const LEVELS = z.enum(['read', 'write', 'none'])
const permissions = z.strictObject({
  actions: LEVELS.optional(),
  contents: LEVELS.optional(),
  packages: LEVELS.optional(),
  'pull-requests': LEVELS.optional(),
})

const step = z
  .strictObject({
    id: z.string().optional(),
    name: z.string().optional(),
    if: condition,
    uses: z.string().optional(),
    run: z.string().optional(),
    with: texts.default({}),
    env: texts.default({}),
    'continue-on-error': z.literal(true).optional(),
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'a step has uses or run')

const job = z.strictObject({
  name: z.string().optional(),
  if: condition,
  needs: names.default([]),
  'runs-on': z.literal('ubuntu-latest'),
  environment: z.string().optional(),
  permissions: permissions.optional(),
  outputs: texts.default({}),
  env: texts.default({}),
  strategy: z
    .strictObject({
      'fail-fast': z.boolean().default(true),
      'max-parallel': z.number().optional(),
      // a whole one may come from a job before
      matrix: z.union([z.string(), z.record(z.string(), z.array(scalar))]),
    })
    .optional(),
  services: z
    .record(z.string(), z.strictObject({ image: z.string(), ports: z.array(z.string()) }))
    .default({}),
  steps: z.array(step),
})

const trigger = z
  .strictObject({
    branches: z.array(z.string()).optional(),
    // only the one form that the documents use
    tags: z.tuple([z.literal('v*')]).optional(),
    types: z.array(z.string()).optional(),
    workflows: z.array(z.string()).optional(),
    inputs: z
      .record(z.string(), z.strictObject({ description: z.string(), required: z.literal(true) }))
      .optional(),
  })
  .nullable()
const schedule = z.array(z.strictObject({ cron: z.string().regex(/^(?:\S+ ){4}\S+$/) }))

const triggers = z.union([
  names.transform((events) => Object.fromEntries(events.map((event) => [event, null]))),
  z
    .strictObject({
      push: trigger,
      pull_request: trigger,
      workflow_run: trigger,
      workflow_dispatch: trigger,
      schedule,
    })
    .partial(),
])

const workflow = z.strictObject({
  name: z.string(),
  on: triggers,
  permissions,
  env: texts.default({}),
  jobs: z.record(z.string(), job),
})

/**
 * A workflow file. Keys that are not known here are refused: an example that needs more asks for a better
 * emulator.
 */
export type Workflow = z.infer<typeof workflow>
export type Job = Workflow['jobs'][string]
export type Step = Job['steps'][number]
export type Permissions = z.infer<typeof permissions>

export function parseWorkflow(text: string): Workflow {
  return workflow.parse(parse(text))
}

/** The workflows that documents show, by their names; plain lists of steps are left out. */
function workflowsIn(...paths: readonly string[]): ReadonlyMap<string, Workflow> {
  const found = new Map<string, Workflow>()
  for (const path of paths) {
    const document = readFileSync(join(root, path), 'utf8')
    for (const [, text = ''] of document.matchAll(/^```yaml\n(.*?)^```$/gms)) {
      if (Array.isArray(parse(text))) continue
      const parsed = parseWorkflow(text)
      if (found.has(parsed.name)) throw new Error(`${path}: there is another workflow called ${parsed.name}`)
      found.set(parsed.name, parsed)
    }
  }
  return found
}

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : [])),
]

/** The workflows of README.md and `docs/`, by their names, which are unique over all documents. */
export const WORKFLOWS: ReadonlyMap<string, Workflow> = workflowsIn(...documents)

/** A copy of the documents' workflow of this name, to be changed at will. */
export function workflowNamed(name: string): Workflow {
  const found = WORKFLOWS.get(name)
  if (found === undefined) throw new Error(`no document has a workflow ${name}`)
  return structuredClone(found)
}

const included = z.strictObject({ include: z.array(texts) })

/**
 * One job for each combination of the matrix, or the one there is.
 * @param fill fills in the expression of a matrix that a job before has made
 * @returns null for a matrix without a job, which GitHub refuses
 */
export function matrixOf(
  { strategy }: Job,
  fill: (text: string) => string,
): readonly Readonly<Record<string, string>>[] | null {
  if (strategy === undefined) return [{}]
  const { matrix } = strategy
  if (typeof matrix === 'string') {
    const [, inner] = /^\$\{\{\s*fromJSON\((.*)\)\s*\}\}$/s.exec(matrix) ?? []
    if (inner === undefined) throw new Error(`a matrix is written out, or fromJSON: ${matrix}`)
    const { include } = included.parse(JSON.parse(fill(`\${{ ${inner} }}`)))
    return include.length === 0 ? null : include
  }
  return Object.entries(matrix).reduce<Record<string, string>[]>(
    (legs, [key, values]) => legs.flatMap((leg) => values.map((value) => ({ ...leg, [key]: value }))),
    [{}],
  )
}
