import { describe, expect, test } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { parsePlanFile } from '../../src/wire/plan-file.ts'
import { sha256 } from './documents.ts'

const tag = { tag: 'v1', digest: sha256('one'), decision: 'delete', reason: 'expired', status: 'planned' }
const manifest = { digest: sha256('one'), decision: 'delete', status: 'planned' }
const repository = { repository: 'ghcr.io/acme/api', tags: [tag], manifests: [manifest], reclaimedBytes: 1 }
const plan = { schemaVersion: 1, mode: 'prune', dryRun: true, repositories: [repository], reclaimedBytes: 1 }

const parse = (value: unknown) => parsePlanFile(Buffer.from(JSON.stringify(value)))

test('a plan is read as what decides: which names go, and where they pointed', () => {
  expect(parse(plan)).toEqual([
    {
      repository: 'ghcr.io/acme/api',
      tags: new Map([['v1', { digest: sha256('one'), decision: 'delete' }]]),
      manifests: new Map([[sha256('one'), 'delete']]),
      parents: new Map(),
    },
  ])
})

describe('a plan is refused', () => {
  const withRepository = (change: object) => ({ ...plan, repositories: [{ ...repository, ...change }] })
  test.each<[string, unknown]>([
    ['of another version', { ...plan, schemaVersion: 2 }],
    ['of another mode', { ...plan, mode: 'size' }],
    ['without repositories', { ...plan, repositories: undefined }],
    ['with a tag that is none', withRepository({ tags: [{ ...tag, tag: '../../catalog' }] })],
    ['with a digest that is none', withRepository({ tags: [{ ...tag, digest: 'sha256:12' }] })],
    ['with another decision', withRepository({ tags: [{ ...tag, decision: 'purge' }] })],
    ['with a manifest to untag', withRepository({ manifests: [{ ...manifest, decision: 'untag' }] })],
    ['with a tag twice', withRepository({ tags: [tag, { ...tag, decision: 'keep' }] })],
    ['with a manifest twice', withRepository({ manifests: [manifest, manifest] })],
    ['with a repository twice', { ...plan, repositories: [repository, repository] }],
    ['that is a list', [plan]],
  ])('%s', (_, value) => {
    const attempt = () => parse(value)
    expect(attempt).toThrow(WardenError)
    expect(attempt).toThrow(/^input apply-plan: the plan/)
  })
})
