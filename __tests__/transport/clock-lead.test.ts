import { expect, test } from 'vitest'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { createClockLead } from '../../src/transport/clock-lead.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
const HOUR = 3_600_000

test.each<[string, readonly (number | string)[], number]>([
  ['no server says what time it is', [], 0],
  ['a server agrees', [0], 0],
  ['servers differ by minutes', [-4 * 60_000], 0],
  ['every server is behind', [-25 * HOUR, -24 * HOUR], 24 * HOUR],
  ['every server is weeks behind', [-31 * 24 * HOUR, -30 * 24 * HOUR], 30 * 24 * HOUR],
  ['one is years ahead beside a server that is behind', [9_000 * 24 * HOUR, -2 * HOUR], 2 * HOUR],
  ['one is behind, such as a cache', [-25 * HOUR, 0], 0],
  ['servers are ahead', [2 * HOUR], 0],
  ['what is no date', ['yesterday', '0', '-271821-04-20T00:00:00Z', 'Mon, 99 Jun 2026 12:00:00 GMT'], 0],
  ['a device without a clock', [-NOW], 0],
  ['a device without a clock beside a server that is behind', [-NOW, -2 * HOUR], 2 * HOUR],
])('%s', (_, answers, expected) => {
  const lead = createClockLead(() => asTimestamp(NOW))
  lead.note(undefined)
  for (const each of answers) lead.note(typeof each === 'string' ? each : new Date(NOW + each).toUTCString())
  expect(lead.read()).toBe(expected)
})
