import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterRefusal,
  afterRound,
  type InFlight,
  intervalAt,
  startInFlight,
} from '../../src/transport/in-flight.ts'

const round = (milliseconds: number, count = 16) => Array.from({ length: count }, () => milliseconds)
const refusal = { began: 1_000, now: 1_010, elapsed: 1_000, served: 5 }

describe('requests in flight', () => {
  test('begin with 16 and rise to 64 while answers stay quick', () => {
    const limits: number[] = []
    let state = startInFlight('auto')
    for (let count = 0; count < 6; count += 1) {
      limits.push(state.limit)
      state = afterRound(state, round(10 + count))
    }
    expect(limits).toEqual([16, 32, 64, 64, 64, 64])
  })

  test('stay where they are once the median is more than half as long again as the best', () => {
    const state = afterRound(startInFlight('auto'), round(10))
    expect(afterRound(state, round(15)).limit).toBe(64)
    expect(afterRound(state, round(16)).limit).toBe(32)
    expect(afterRound(state, [...round(10, 9), ...round(500, 7)]).limit).toBe(64)
  })

  test('begin with a number that was given, and never exceed it', () => {
    expect(startInFlight(4).limit).toBe(4)
    expect(afterRound(startInFlight(4), round(10, 4)).limit).toBe(4)
    expect(afterRefusal(startInFlight(4), refusal).limit).toBe(2)
  })

  test('are halved once for all that were refused together, and then rise one by one', () => {
    const first = afterRefusal(startInFlight('auto'), refusal)
    expect(first.limit).toBe(8)
    expect(afterRefusal(first, { ...refusal, now: 1_020 })).toBe(first)
    expect(afterRefusal(first, { ...refusal, began: 2_000, now: 2_010 }).limit).toBe(4)
    expect(afterRound(first, round(10, 8)).limit).toBe(9)
  })

  test('whatever happens: at least one, never more than allowed', () => {
    const event = fc.oneof(
      fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 64 }).map((took) => ({ took })),
      fc.record({ served: fc.nat({ max: 100 }), elapsed: fc.nat({ max: 100_000 }) }),
    )
    const concurrency = fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 64 }))
    fc.assert(
      fc.property(concurrency, fc.array(event), (given, events) => {
        let state: InFlight = startInFlight(given)
        for (const [position, each] of events.entries()) {
          const now = position * 1_000
          state =
            'took' in each ? afterRound(state, each.took) : afterRefusal(state, { began: now, now, ...each })
          expect(state.limit).toBeGreaterThanOrEqual(1)
          expect(state.limit).toBeLessThanOrEqual(given === 'auto' ? 64 : given)
          expect(intervalAt(state, now)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})

describe('the pace', () => {
  test('is none before the first refusal', () => {
    expect(intervalAt(startInFlight('auto'), 5_000)).toBe(0)
  })

  test('is what the host answered since the last refusal, and faster with each second without one', () => {
    const state = afterRefusal(startInFlight('auto'), refusal)
    expect(intervalAt(state, 1_010)).toBe(200)
    expect(intervalAt(state, 2_010)).toBeCloseTo(200 / 1.3)
    expect(intervalAt(state, 60_000)).toBe(0)
  })

  test('is never more than a few seconds, however often a host refuses', () => {
    let state = afterRefusal(startInFlight('auto'), refusal)
    for (let now = 2_000; now < 100_000; now += 1_000) {
      state = afterRefusal(state, { began: now, now, elapsed: 60_000, served: now % 2_000 === 0 ? 0 : 1 })
      expect(intervalAt(state, now)).toBeLessThanOrEqual(5_000)
    }
  })

  test('is halved where nothing was answered since', () => {
    const state = afterRefusal(startInFlight('auto'), refusal)
    const again = afterRefusal(state, { began: 2_000, now: 2_010, elapsed: 1_000, served: 0 })
    expect(intervalAt(again, 2_010)).toBe(400)
  })
})
