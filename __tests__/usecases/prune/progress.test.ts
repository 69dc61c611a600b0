import { expect, test } from 'vitest'
import { createProgress } from '../../../src/usecases/prune/progress.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { NOW } from '../../domain/prune/repository-dsl.ts'

test('long work says how far it is every five seconds', () => {
  const lines: string[] = []
  let seconds = 0
  const now = () => asTimestamp(NOW + seconds * 1000)
  const progress = createProgress('ghcr.io/acme/api', (count) => `${count} read`, {
    log: { info: (line) => void lines.push(line) },
    now,
  })
  for (; seconds < 11; seconds += 1) progress()
  expect(lines).toEqual(['ghcr.io/acme/api: 6 read', 'ghcr.io/acme/api: 11 read'])
})
