import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { filesBelow, textOf } from './checkout.ts'

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'none']))
const workflowSchema = z.object({
  permissions: permissionsSchema,
  jobs: z.record(
    z.string(),
    z.object({
      permissions: permissionsSchema,
      'timeout-minutes': z.number().optional(),
      uses: z.string().optional(),
      steps: z
        .array(
          z.object({
            uses: z.string().optional(),
            with: z.record(z.string(), z.unknown()).optional(),
            run: z.string().optional(),
          }),
        )
        .default([]),
    }),
  ),
})

/** The only jobs that may write anything. */
const writers = new Map([
  ['.github/workflows/codeql.yml', ['security-events']],
  ['.github/workflows/release.yml', ['attestations', 'contents', 'id-token']],
])

const paths = filesBelow('.github/workflows')

it('there are workflows to look at', () => {
  expect(paths).toEqual(
    ['check-dist', 'ci', 'codeql', 'release'].map((name) => `.github/workflows/${name}.yml`),
  )
})

describe.each(paths)('%s', (path) => {
  const text = textOf(path)
  const workflow = workflowSchema.parse(parse(text))
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)

  it('pins every action by commit, with its version in a comment', () => {
    const used = Array.from(text.matchAll(/^[ -]*uses: (.+)$/gm), (match) => match[1] ?? '')
    expect(used.length).toBeGreaterThan(0)
    for (const use of used) expect(use).toMatch(/^(\.\/\S*|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
  })

  it('grants nothing to the workflow, and to each job what it names', () => {
    expect(workflow.permissions).toEqual({})
    const granted = jobs.flatMap((job) => Object.entries(job.permissions))
    const writable = granted.filter(([, access]) => access === 'write').map(([scope]) => scope)
    expect(writable.toSorted()).toEqual(writers.get(path) ?? [])
  })

  it('leaves no token in the checkout, and bounds every job', () => {
    for (const step of steps.filter((each) => each.uses?.startsWith('actions/checkout@'))) {
      expect(step.with?.['persist-credentials']).toBe(false)
    }
    for (const job of jobs.filter((each) => each.uses === undefined))
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30)
  })

  it('puts no expression into a shell, where its text would be code', () => {
    for (const step of steps) expect(step.run ?? '').not.toContain('${{')
  })
})
