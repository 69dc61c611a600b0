import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { parseRetryAfter, rateLimitOf } from '../../src/transport/rate-limit.ts'
import { decideRetry, type Outcome, type RetryQuestion } from '../../src/transport/retry.ts'

const now = asTimestamp(Date.UTC(2026, 0, 1, 12))

function status(code: number, retryAfter: string | null = null): Outcome {
  const headers = new Map(retryAfter === null ? [] : [['retry-after', [retryAfter]]])
  const response = { status: code, headers, body: Buffer.alloc(0), url: new URL('https://registry.test/') }
  return { status: code, limit: rateLimitOf(response, 'any', now) }
}

function broken(code: string, reusedSocket = false): Outcome {
  return { code, reusedSocket }
}

function ask(outcome: Outcome, change: Partial<RetryQuestion> = {}) {
  const remaining = Number.POSITIVE_INFINITY
  return decideRetry({
    outcome,
    repeat: 'always',
    tries: 1,
    maxTries: 5,
    remaining,
    longestWait: null,
    random: 1,
    ...change,
  })
}

describe('how many tries', () => {
  test.each([
    [status(408), 5],
    [status(429), 5],
    [status(499), 5],
    [status(500), 5],
    [status(502), 5],
    [status(503), 5],
    [status(504), 5],
    [status(522), 5],
    [broken('ECONNRESET'), 5],
    [broken('EPIPE'), 5],
    [broken('ETIMEDOUT'), 5],
    [broken('EAI_AGAIN'), 5],
    [broken('CUT'), 5],
    [broken('PROXY_UNAVAILABLE'), 5],
    [broken('STALLED'), 3],
    [broken('ECONNREFUSED'), 2],
    [status(200), 1],
    [status(307), 1],
    [status(400), 1],
    [status(401), 1],
    [status(403), 1],
    [status(404), 1],
    [status(405), 1],
    [status(501), 1],
    [broken('ENOTFOUND'), 1],
    [broken('CERT_HAS_EXPIRED'), 1],
    [broken('OVERDUE'), 1],
    [broken('RUN_OVER'), 1],
    [broken('DISPOSED'), 1],
    [broken('PROXY_REFUSED'), 1],
    [broken('UNKNOWN'), 1],
  ])('%o: %i', (outcome, expected) => {
    let tries = 1
    while (ask(outcome, { tries }).kind === 'wait') tries += 1
    expect(tries).toBe(expected)
    expect(ask(outcome, { repeat: 'never' })).toEqual({ kind: 'stop', reason: 'final' })
  })
})

describe('how long', () => {
  test('a quarter of a second, doubling, up to half of it spared by chance', () => {
    const waits = (random: number) => [1, 2, 3, 4].map((tries) => ask(status(503), { tries, random }))
    expect(waits(1)).toEqual([250, 500, 1000, 2000].map((milliseconds) => ({ kind: 'wait', milliseconds })))
    expect(waits(0)).toEqual([125, 250, 500, 1000].map((milliseconds) => ({ kind: 'wait', milliseconds })))
  })

  test('not at all when a kept-alive connection turns out dead, but only once', () => {
    expect(ask(broken('ECONNRESET', true))).toEqual({ kind: 'wait', milliseconds: 0 })
    expect(ask(broken('ECONNRESET', true), { tries: 2 })).toEqual({ kind: 'wait', milliseconds: 500 })
    expect(ask(broken('ECONNRESET', true), { repeat: 'never' }).kind).toBe('stop')
  })

  test('as long as the server asks, and not at all where that is longer than all tries together', () => {
    expect(ask(status(429, '2'), { random: 0 })).toEqual({ kind: 'wait', milliseconds: 2000 })
    expect(ask(status(503, '0'), { random: 0 })).toEqual({ kind: 'wait', milliseconds: 125 })
    expect(ask(status(429, '90'), { random: 0 })).toEqual({ kind: 'wait', milliseconds: 90_000 })
    expect(ask(status(429, '86400'), { random: 0 })).toEqual({
      kind: 'stop',
      reason: 'patience',
      asked: 86_400_000,
    })
  })

  test('a wait that outlasts the run is not begun', () => {
    expect(ask(status(429, '30'), { remaining: 29_000 })).toEqual({
      kind: 'stop',
      reason: 'budget',
      asked: 30_000,
    })
    expect(ask(status(429, '3600'), { remaining: 90_000 })).toEqual({
      kind: 'stop',
      reason: 'budget',
      asked: 3_600_000,
    })
    expect(ask(status(503), { remaining: 200 })).toEqual({ kind: 'stop', reason: 'budget', asked: null })
    expect(ask(broken('ECONNRESET'), { remaining: -1 })).toEqual({
      kind: 'stop',
      reason: 'budget',
      asked: null,
    })
  })

  test('whatever happens: no wait over the cap or the budget, none shorter than asked, an end after five tries', () => {
    const outcome = fc.oneof(
      fc
        .tuple(
          fc.integer({ min: 100, max: 599 }),
          fc.option(fc.oneof(fc.string(), fc.nat({ max: 999_999 }).map(String))),
        )
        .map(([code, retryAfter]) => status(code, retryAfter)),
      fc.record({ code: fc.constantFrom('ECONNRESET', 'STALLED', 'CUT', 'X'), reusedSocket: fc.boolean() }),
    )
    const question = fc.record({
      outcome,
      repeat: fc.constantFrom('always' as const, 'when-refused' as const, 'never' as const),
      tries: fc.integer({ min: 1, max: 9 }),
      remaining: fc.oneof(fc.integer(), fc.constant(Number.POSITIVE_INFINITY)),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(question, (values) => {
        const decision = ask(values.outcome, values)
        if (decision.kind === 'stop') return
        expect(values.tries).toBeLessThan(5)
        expect(decision.milliseconds).toBeLessThanOrEqual(240_250)
        expect(decision.milliseconds === 0 || decision.milliseconds <= values.remaining).toBe(true)
        const asked = 'status' in values.outcome ? (values.outcome.limit?.asked ?? 0) : 0
        expect(decision.milliseconds).toBeGreaterThanOrEqual(asked)
      }),
    )
  })
})

describe('what may be sent again', () => {
  test.each([
    ['always', status(500), 'wait'],
    ['always', status(429), 'wait'],
    ['when-refused', status(500), 'stop'],
    ['when-refused', broken('ECONNRESET'), 'stop'],
    ['when-refused', status(429), 'wait'],
    ['when-refused', status(503, '1'), 'wait'],
    ['when-refused', status(503), 'stop'],
    ['never', status(429, '1'), 'stop'],
    ['never', status(500), 'stop'],
  ] as const)('%s, after %o: %s', (repeat, outcome, kind) => {
    expect(ask(outcome, { repeat }).kind).toBe(kind)
  })
})

describe('parseRetryAfter', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ])('%s: %i ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected)
  })

  test.each([
    null,
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '99999999999999999999',
    'Thu, 01 Jan 2026 11:59:59 GMT',
    'Thu, 99 Foo 2026 99:99:99 GMT',
    '2026-01-01T12:00:30Z',
  ])('%s asks for nothing', (value) => {
    expect(parseRetryAfter(value, now)).toBeNull()
  })
})

describe('a wait that is left to the caller', () => {
  test.each([
    [status(429, '2'), 2_500, 'wait'],
    [status(429, '3'), 2_500, 'stop'],
    [status(429), 100, 'stop'],
    [broken('ECONNRESET'), 250, 'wait'],
    [status(429, '86400'), 300_000, 'stop'],
  ])('%j, at most %i ms', (outcome, longestWait, kind) => {
    expect(ask(outcome, { longestWait })).toMatchObject({ kind })
  })
})
