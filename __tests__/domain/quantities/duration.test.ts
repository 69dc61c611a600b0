import { describe, expect, it } from 'vitest'
import { formatAge, formatDuration, parseDuration } from '../../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { lineOf } from '../../support/refusal.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('parseDuration', () => {
  it.each([
    ['1s', 1000],
    ['90s', 90_000],
    ['20m', 20 * 60_000],
    ['12h', 12 * HOUR],
    ['30d', 30 * DAY],
    ['2w', 14 * DAY],
    [' 30d ', 30 * DAY],
    ['036525d', 36_525 * DAY],
    ['36525d', 36_525 * DAY],
  ])('reads %j', (text, milliseconds) => {
    expect(parseDuration(text, 'older-than')).toBe(milliseconds)
  })

  it.each([
    ['', 'Write a whole number'],
    ['30', 'Write a whole number'],
    ['d', 'Write a whole number'],
    ['-5d', 'Write a whole number'],
    ['+5d', 'Write a whole number'],
    ['1.5d', 'Write a whole number'],
    ['1 mont', 'Write a whole number'],
    ['1 d', 'Write a whole number'],
    ['1mo', 'Write a whole number'],
    ['1y', 'Write a whole number'],
    ['30D', 'Write a whole number'],
    ['1d12h', 'Write a whole number'],
    ['1e3d', 'Write a whole number'],
    ['Infinityd', 'Write a whole number'],
    ['P30D', 'Write a whole number'],
    ['٣d', 'Write a whole number'],
    ['0d', 'more than zero'],
    ['00s', 'more than zero'],
    ['999999d', 'at most 100 years'],
    ['36526d', 'at most 100 years'],
    ['999999999999999w', 'at most 100 years'],
    ['9999999999999999999999s', 'Write a whole number'],
  ])('refuses %j', (text, advice) => {
    expect(lineOf(() => parseDuration(text, 'older-than'))).toMatch(/^input older-than: /)
    expect(lineOf(() => parseDuration(text, 'older-than'))).toContain(advice)
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 seconds'],
    [999, '0 seconds'],
    [1000, '1 second'],
    [90_000, '1 minute 30 seconds'],
    [20 * 60_000, '20 minutes'],
    [3 * HOUR, '3 hours'],
    [36 * HOUR, '1 day 12 hours'],
    [2 * DAY, '2 days'],
    [2 * DAY + 1000, '2 days'],
    [HOUR + 1000, '1 hour'],
    [400 * DAY, '400 days'],
  ])('writes %d ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})

describe('formatAge', () => {
  const now = asTimestamp(Date.UTC(2026, 2, 1))
  it.each([
    [0, '0 seconds old'],
    [59_999, '59 seconds old'],
    [60_000, '1 minute old'],
    [2 * HOUR - 1, '1 hour old'],
    [2 * DAY, '2 days old'],
    [700 * DAY, '700 days old'],
    [3 * 366 * DAY, '3 years old'],
    [-3 * HOUR, 'dated 3 hours ahead'],
  ])('writes an age of %d ms', (age, text) => {
    expect(formatAge(asTimestamp(now - age), now)).toBe(text)
  })
})
