import { describe, expect, test } from 'vitest'

import { parseTag } from '../../../src/domain/names/tag.ts'
import { undoReport } from '../../../src/domain/prune/undo-outcome.ts'
import type { RestoreStatus, UndoneRepository } from '../../../src/domain/prune/undo-outcome.ts'
import { digestOf } from './repository-dsl.ts'

function undone(
  tags: readonly RestoreStatus[],
  untagged: readonly RestoreStatus[] = [],
  tagged: readonly RestoreStatus[] = [],
): UndoneRepository {
  const manifest = (isTagged: boolean) => (status: RestoreStatus, at: number) => ({
    status,
    note: null,
    digest: digestOf(`${isTagged} ${at}`),
    isTagged,
  })
  return {
    repository: 'registry.example/acme/api',
    tags: tags.map((status, at) => ({
      status,
      note: null,
      tag: parseTag(`v${at}`, 'test'),
      digest: digestOf(`${at}`),
    })),
    manifests: [...untagged.map(manifest(false)), ...tagged.map(manifest(true))],
  }
}

describe('the report of an undo', () => {
  test.each<[string, UndoneRepository, boolean, string]>([
    ['everything is back', undone(['restored', 'present'], ['restored']), false, 'pass'],
    ['nothing was to do', undone([]), false, 'pass'],
    ['a tag moved', undone(['restored', 'moved']), false, 'warn'],
    ['a tag failed', undone(['restored', 'failed']), false, 'fail'],
    ['a manifest failed that tags name', undone(['restored'], [], ['failed']), false, 'fail'],
    ['an untagged manifest failed', undone(['restored'], ['failed']), false, 'fail'],
    ['time ran out', undone(['restored', 'moved']), true, 'partial'],
    ['time ran out, and something failed', undone(['failed', 'moved']), true, 'fail'],
  ])('%s', (_, repository, isPartial, verdict) => {
    expect(undoReport([undone(['present']), repository], isPartial)).toMatchObject({ verdict, isPartial })
  })

  test('counts tags and untagged manifests of all repositories, and no manifest that its tag stands for', () => {
    const repositories = [
      undone(['restored', 'present', 'moved', 'failed'], ['restored', 'failed'], ['restored', 'failed']),
      undone(['restored'], ['present']),
    ]
    expect(undoReport(repositories, false)).toEqual({
      repositories,
      restored: 3,
      unrestored: 3,
      verdict: 'fail',
      isPartial: false,
    })
  })
})
