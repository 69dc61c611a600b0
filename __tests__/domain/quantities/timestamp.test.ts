import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asTimestamp,
  believed,
  formatDate,
  formatTimestamp,
  parseTimestamp,
} from '../../../src/domain/quantities/timestamp.ts'

describe('parseTimestamp', () => {
  it.each([
    ['2026-03-01T12:30:00Z', Date.UTC(2026, 2, 1, 12, 30)],
    ['2026-03-01t12:30:00z', Date.UTC(2026, 2, 1, 12, 30)],
    ['2026-03-01T12:30:00.5Z', Date.UTC(2026, 2, 1, 12, 30, 0, 500)],
    ['2026-03-01T12:30:00.123456789Z', Date.UTC(2026, 2, 1, 12, 30, 0, 123)],
    ['2026-03-01T12:30:00+02:00', Date.UTC(2026, 2, 1, 10, 30)],
    ['2026-03-01T12:30:00.000000001-07:30', Date.UTC(2026, 2, 1, 20)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2013-01-01T00:00:00Z', Date.UTC(2013, 0, 1)],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('reads %j', (text, milliseconds) => {
    expect(parseTimestamp(text)).toBe(milliseconds)
  })

  it.each([
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:01Z',
    '1980-01-01T00:00:00Z',
    '1980-01-01T00:00:01Z',
    '1985-10-26T08:15:00Z',
    '1990-01-01T00:00:00Z',
    '2008-08-08T08:08:08Z',
    '2012-12-31T23:59:59Z',
  ])('takes %j of a reproducible build as unknown', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })

  it.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T12:30Z',
    '2026-03-01T12:30:00',
    '2026-03-01 12:30:00Z',
    '2026-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T23:59:60Z',
    '2026-03-01T12:30:00+24:00',
    '2026-03-01T12:30:00+0200',
    '2026-03-01T12:30:00.Z',
    '+012026-03-01T12:30:00Z',
    '1740832200',
    '2026-03-01T12:30:00Z\n',
    `2026-03-01T12:30:00.${'1'.repeat(100)}Z`,
  ])('takes %j as unknown', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })

  it('reads what was written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2013-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const timestamp = asTimestamp(date.getTime())
          expect(parseTimestamp(date.toISOString())).toBe(timestamp)
          expect(parseTimestamp(formatTimestamp(timestamp))).toBe(Math.floor(timestamp / 1000) * 1000)
        },
      ),
    )
  })
})

describe('believed', () => {
  it.each([
    [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1)],
    [Date.UTC(2026, 0, 1) + 0.5, Date.UTC(2026, 0, 1)],
    [0, null],
    [-1, null],
    [NaN, null],
    [Infinity, null],
    [1e300, null],
  ])('takes %d', (milliseconds, expected) => {
    expect(believed(milliseconds)).toBe(expected)
  })
})

describe('formatting', () => {
  it('is in UTC', () => {
    const timestamp = asTimestamp(Date.UTC(2026, 2, 1, 23, 59, 59, 999))
    expect(formatTimestamp(timestamp)).toBe('2026-03-01T23:59:59Z')
    expect(formatDate(timestamp)).toBe('2026-03-01')
  })

  it('refuses a clock that gives no time', () => {
    expect(() => asTimestamp(NaN)).toThrow(RangeError)
    expect(() => asTimestamp(1e300)).toThrow(RangeError)
  })
})
