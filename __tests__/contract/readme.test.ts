import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../../scripts/bundle.ts'
import type { InputName } from '../../src/action/input-catalog.ts'
import { parseInputs } from '../../src/action/inputs.ts'
import { parseAction, withTables } from '../../scripts/readme-tables.ts'
import { filesBelow, textOf } from './checkout.ts'

const action = parseAction(textOf('action.yml'))
const packageJson = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf('package.json')))
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...filesBelow('docs').filter((path) => path.endsWith('.md')),
]

const stepSchema = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})
const workflowSchema = z.object({
  on: z.unknown(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.object({ steps: z.array(stepSchema) })),
})

function isOwn(step: z.infer<typeof stepSchema>): boolean {
  return step.uses?.startsWith('registry-warden/') === true
}

function codeBlocks(path: string, language: string): string[] {
  return Array.from(textOf(path).matchAll(/^```(\w+)\n(.*?)^```$/gms))
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '')
}

/** Whole workflows and single lists of steps; in both, every step is returned with the text around it. */
function examples(): { path: string; text: string; steps: z.infer<typeof stepSchema>[] }[] {
  return documents.flatMap((path) =>
    codeBlocks(path, 'yaml').map((text) => {
      const document: unknown = parse(text)
      const steps = Array.isArray(document)
        ? z.array(stepSchema).parse(document)
        : Object.values(workflowSchema.parse(document).jobs).flatMap((job) => job.steps)
      return { path, text, steps }
    }),
  )
}

/** The anchors that GitHub gives to headings. */
function anchorsIn(text: string): Set<string> {
  const headings = Array.from(text.matchAll(/^#{1,6} (.+)$/gm), (match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('README.md', () => {
  it('has the tables that action.yml gives', () => {
    expect(textOf('README.md'), 'run `npm run docs`').toBe(withTables(textOf('README.md'), action))
  })

  it('names the two commands of a fresh clone', () => {
    expect(codeBlocks('README.md', 'sh').join('')).toContain('npm ci && npm run demo\nnpm ci && npm test\n')
  })
})

describe('examples in the documents', () => {
  it('are there, and use this action', () => {
    expect(examples().length).toBeGreaterThan(3)
    for (const { path, text, steps } of examples()) {
      expect(steps.some(isOwn), `${path}:\n${text}`).toBe(true)
    }
  })

  it('name the major version, and only inputs that exist', () => {
    for (const step of examples().flatMap(({ steps }) => steps.filter(isOwn))) {
      expect(step.uses).toBe(`registry-warden/registry-warden@v${packageJson.version.split('.')[0]}`)
      expect(Object.keys(step.with).filter((input) => !(input in action.inputs))).toEqual([])
    }
  })

  it('pass the checks that every run begins with', () => {
    for (const { path, text, steps } of examples()) {
      for (const { with: given } of steps.filter(isOwn)) {
        // an expression stands for some text, that of a digest for a digest
        const digest = `sha256:${'0'.repeat(64)}`
        const input = (name: InputName) =>
          String(given[name] ?? '')
            .replaceAll(/\$\{\{[^}]*\.digest \}\}/g, digest)
            .replaceAll(/\$\{\{.*?\}\}/g, 'x')
        expect(() => parseInputs(input), `${path}:\n${text}`).not.toThrow()
      }
    }
  })

  it('read only outputs that exist', () => {
    const read = examples().flatMap(({ text, steps }) => {
      const ids = new Set(steps.filter(isOwn).map((step) => step.id))
      const references = Array.from(text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g))
      return references.filter(([, id]) => ids.has(id)).map(([, , output]) => output ?? '')
    })
    expect(read.length).toBeGreaterThan(0)
    expect(read.filter((output) => !(output in action.outputs))).toEqual([])
  })
})

describe.each(documents)('%s', (path) => {
  it('links only to files that exist', () => {
    const linked = textOf(path).matchAll(/(?:\]\(|src(?:set)?=")([^)#\s"]+)/g)
    const targets = Array.from(linked, (match) => match[1] ?? '')
    const missing = targets.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)),
    )
    expect(missing).toEqual([])
  })

  it('links only to headings that exist', () => {
    const links = Array.from(textOf(path).matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g))
    const missing = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? path : join(dirname(path), file)
      return !anchorsIn(textOf(target)).has(anchor)
    })
    expect(missing.map(([link]) => link)).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    for (const [, script] of textOf(path).matchAll(/npm run ([\w:-]+)/g)) {
      expect(Object.keys(packageJson.scripts)).toContain(script)
    }
  })
})
