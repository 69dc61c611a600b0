import { describe, expect, it } from 'vitest'
import { platformOf } from '../../../src/domain/names/platform.ts'
import { parseMaxLayers, parseSizeLimits } from '../../../src/domain/size/limits.ts'
import { ruleFor } from '../../../src/domain/size/scoped-rule.ts'
import { lineOf } from '../../support/refusal.ts'

const MIB = 1024 * 1024
const amd64 = platformOf({ os: 'linux', architecture: 'amd64' })
const armv7 = platformOf({ os: 'linux', architecture: 'arm', variant: 'v7' })

describe('parseSizeLimits', () => {
  it.each([
    ['300MiB', null, null, 300 * MIB],
    ['*-slim = 1.5GB', '*-slim', null, 1_500_000_000],
    ['*-slim=100MB', '*-slim', null, 100_000_000],
    ['v1.2 linux/arm/v7 = 2KiB', 'v1.2', 'arm', 2048],
    ['/a=b/ = 1kB', '/a=b/', null, 1000],
    ['ghcr.io/acme/{api,web}:*  linux/x86_64   =   3B', 'ghcr.io/acme/{api,web}:*', 'amd64', 3],
  ])('reads %j', (line, pattern, architecture, bytes) => {
    const [limit] = parseSizeLimits([line], 'max-size')
    expect(limit).toMatchObject({ rule: line, bytes })
    expect(limit?.pattern?.source ?? null).toBe(pattern)
    expect(limit?.platform?.architecture ?? null).toBe(architecture)
  })

  it.each([
    ['', /max-size/],
    ['300', /no unit/],
    ['0MiB', /zero fails every image/],
    ['300MB MiB', /Write a number and a unit/],
    ['= 300MiB', /pattern \[platform\] = size/],
    ['a b c = 300MiB', /pattern \[platform\] = size/],
    ['* linux = 1MiB', /os\/architecture/],
    ['[ = 1MiB', /glob is wrong/],
    ['linux/amd64 = 1MiB', /write \* linux\/amd64 = 1MiB/],
    ['v1 darwin(macOS 12.6)/arm64 x = 1MiB', /pattern \[platform\] = size/],
    ['* = ', /Write a number and a unit/],
  ])('refuses %j', (line, told) => {
    expect(lineOf(() => parseSizeLimits([line], 'max-size'))).toMatch(told)
  })
})

describe('rules of which one is for every image', () => {
  it.each([
    [['300MiB', '1GiB'], '300MiB, 1GiB'],
    [['300MiB', 'v* = 1GiB'], '300MiB, v* = 1GiB'],
    [['a = 1MiB', '300MiB', 'v* = 1GiB', 'b = 1MiB'], '300MiB, v* = 1GiB'],
  ])('%j are refused, as what stands behind it would never apply', (lines, named) => {
    const told = lineOf(() => parseSizeLimits(lines, 'max-size'))
    expect(told).toContain(named)
    expect(told).toContain(
      'the second would never apply: write one limit, or put lines of pattern = limit before',
    )
  })

  it.each([[['v* = 1GiB', '300MiB']], [['* linux/arm = 1GiB', '300MiB']], [[]]])('%j are rules', (lines) => {
    expect(parseSizeLimits(lines, 'max-size')).toHaveLength(lines.length)
  })
})

it('a platform may have a version with blanks', () => {
  const [limit] = parseSizeLimits(['v1 darwin(macOS 12.6)/arm64 = 1MiB'], 'max-size')
  expect(limit?.platform).toMatchObject({ os: 'darwin', architecture: 'arm64' })
})

describe('parseMaxLayers', () => {
  it('is null when empty, else a whole number from 1', () => {
    expect(parseMaxLayers('', 'max-layers')).toBeNull()
    expect(parseMaxLayers('40', 'max-layers')).toBe(40)
    expect(parseMaxLayers('7', 'max-layers')).toBe(7)
    expect(parseMaxLayers('127', 'max-layers')).toBe(127)
  })

  it.each(['0', '-1', '1.5', '1e3', ' 4', '0x10', '1000000000'])('refuses %j', (text) => {
    expect(lineOf(() => parseMaxLayers(text, 'max-layers'))).toMatch(/^input max-layers: .*from 1/)
  })
})

describe('ruleFor', () => {
  const rules = parseSizeLimits(
    ['*-slim linux/amd64 = 1MiB', 'r.test/app:v* = 2MiB', '* linux/arm = 3MiB', 'dev = 4MiB'],
    'max-size',
  )
  const chosen = (tag: string | null, platform: typeof amd64 | null): string | undefined =>
    ruleFor(rules, { name: `r.test/app${tag === null ? '' : `:${tag}`}`, tag }, platform)?.rule

  it.each([
    ['v1-slim', amd64, '*-slim linux/amd64 = 1MiB'],
    ['v1-slim', armv7, 'r.test/app:v* = 2MiB'],
    ['v1', null, 'r.test/app:v* = 2MiB'],
    ['edge', armv7, '* linux/arm = 3MiB'],
    ['edge', null, undefined],
    ['dev', amd64, 'dev = 4MiB'],
    [null, amd64, undefined],
  ])('for tag %j and %j is the first that names both', (tag, platform, rule) => {
    expect(chosen(tag, platform)).toBe(rule)
  })
})
