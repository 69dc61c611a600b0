import { describe, expect, test } from 'vitest'

import { obstacleToSweep, withGarbage } from '../../../src/domain/prune/garbage-report.ts'
import type { PruneReport, PruneVerdict } from '../../../src/domain/prune/outcome.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { NOTHING_SWEPT } from '../../../src/domain/storage/garbage.ts'
import type { GarbageCollection } from '../../../src/domain/storage/garbage.ts'

const prune = (verdict: PruneVerdict, dryRun = false): PruneReport => ({
  dryRun,
  repositories: [],
  reclaimedBytes: asBytes(500),
  reclaimsMore: true,
  verdict,
})
const swept = (
  state: GarbageCollection['state'],
  damage: GarbageCollection['damage'] = [],
): GarbageCollection => ({ ...NOTHING_SWEPT, state, why: null, blobs: 2, bytes: asBytes(300), damage })
const damage = [{ path: 'blobs/x', what: 'no digest', hides: false }]

describe('a garbage collection after a prune', () => {
  test.each([
    ['fail', false, /did not end well/],
    ['fail', true, /would not end well/],
    ['partial', false, /stopped early/],
  ] as const)('is not begun where the prune ends with %s, dry-run %s', (verdict, dryRun, why) => {
    expect(obstacleToSweep(prune(verdict, dryRun))).toMatch(why)
  })

  test.each(['pass', 'warn'] as const)('is begun where it ends with %s', (verdict) => {
    expect(obstacleToSweep(prune(verdict))).toBeNull()
  })

  test.each<[PruneVerdict, GarbageCollection, PruneVerdict]>([
    ['pass', swept('swept'), 'pass'],
    ['warn', swept('swept'), 'warn'],
    ['pass', swept('planned'), 'pass'],
    ['pass', swept('swept', damage), 'warn'],
    ['pass', swept('refused', damage), 'fail'],
    ['pass', swept('failed'), 'fail'],
    ['pass', swept('partial', damage), 'partial'],
    ['partial', swept('skipped'), 'partial'],
    ['partial', swept('failed'), 'fail'],
    ['fail', swept('skipped'), 'fail'],
    ['fail', swept('partial', damage), 'fail'],
  ])('after a prune that ends with %s: %j makes it %s', (before, garbage, verdict) => {
    expect(withGarbage(prune(before), garbage).verdict).toBe(verdict)
  })

  test('frees what it swept, to the byte', () => {
    expect(withGarbage(prune('pass'), swept('swept'))).toMatchObject({
      reclaimedBytes: 300,
      reclaimsMore: false,
      garbage: { blobs: 2 },
    })
  })
})
