import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatPlatform,
  matchesPlatform,
  parsePlatform,
  platformOf,
} from '../../../src/domain/names/platform.ts'
import { lineOf } from '../../support/refusal.ts'

const image = (text: string) => {
  const { os, architecture, variant, osVersion } = parsePlatform(text)
  return platformOf({ os, architecture, variant, osVersion })
}

describe('parsePlatform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    [' Linux/AMD64 ', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/i386', 'linux/386'],
    ['linux/arm', 'linux/arm'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm/6', 'linux/arm/v6'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/arm64/v8', 'linux/arm64/v8'],
    ['macos/arm64', 'darwin/arm64'],
    ['windows(10.0.20348)/amd64', 'windows(10.0.20348)/amd64'],
    ['linux/s390x', 'linux/s390x'],
  ])('reads %j', (text, formatted) => {
    expect(formatPlatform(parsePlatform(text))).toBe(formatted)
    expect(parsePlatform(formatted)).toEqual(parsePlatform(text))
  })

  it.each([
    '',
    'linux',
    'linux/',
    '/amd64',
    'linux/arm/v7/x',
    'linux/a b',
    'linux amd64',
    'linux/amd64,linux/arm64',
    'windows()/amd64',
    `linux/${'a'.repeat(65)}`,
  ])('refuses %j', (text) => {
    expect(lineOf(() => parsePlatform(text))).toContain('linux/amd64')
  })
})

describe('platformOf', () => {
  it.each([
    [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
    [{ os: 'linux', architecture: 'amd64', variant: 'v1' }, 'linux/amd64'],
    [{ os: 'linux', architecture: 'amd64', variant: 'v3' }, 'linux/amd64/v3'],
    [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, 'linux/arm64'],
    [{ os: 'linux', architecture: 'arm64', variant: '8' }, 'linux/arm64'],
    [{ os: 'linux', architecture: 'aarch64' }, 'linux/arm64'],
    [{ os: 'linux', architecture: 'arm' }, 'linux/arm/v7'],
    [{ os: 'linux', architecture: 'arm', variant: '' }, 'linux/arm/v7'],
    [{ os: 'linux', architecture: 'arm', variant: 'v6' }, 'linux/arm/v6'],
    [{ os: 'linux', architecture: 'armel' }, 'linux/arm/v6'],
    [{ os: '', architecture: 'amd64' }, 'linux/amd64'],
    [{ architecture: 'amd64' }, 'linux/amd64'],
    [{ os: null, architecture: null }, 'linux/unknown'],
    [{ os: 'unknown', architecture: 'unknown' }, 'unknown/unknown'],
    [
      { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.2113' },
      'windows(10.0.20348.2113)/amd64',
    ],
    [{ os: 'linux', architecture: 'riscv64' }, 'linux/riscv64'],
    [{ os: '<b>', architecture: '::add-mask::x' }, 'b-8e9a967f/add-mask-x-15dbbb85'],
    [{ os: 'Windows Server', architecture: 'x86 64' }, 'windows-server-a95c2059/x86-64-82a788b1'],
    [{ os: 'Unknown', architecture: 'UNKNOWN' }, 'unknown-532a3ddb/unknown-532a3ddb'],
    [{ os: '::', architecture: ' ' }, 'other-980630f5/other-250c8f7f'],
    [
      { os: 'linux', architecture: 'a'.repeat(65) },
      'linux/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2dd603ec',
    ],
    [{ os: 'linux', architecture: 'amd64', variant: '`@team`' }, 'linux/amd64/team-e4eadb8c'],
    [{ os: 'linux\n', architecture: 'amd64', osVersion: 'a b' }, 'linux-c24bb335(a-b-10a3f9f2)/amd64'],
  ])('normalises %j', (claimed, formatted) => {
    expect(formatPlatform(platformOf(claimed))).toBe(formatted)
  })

  it('gives bounded, harmless text that normalises to itself', () => {
    const claim = fc.option(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('arm', 'v7', 'linux', 'x86_64')),
    )
    fc.assert(
      fc.property(claim, claim, claim, claim, (os, architecture, variant, osVersion) => {
        const platform = platformOf({ os, architecture, variant, osVersion })
        expect(formatPlatform(platform)).toMatch(/^[a-z0-9._+()/-]{3,260}$/)
        expect(platformOf(platform)).toEqual(platform)
      }),
    )
  })
})

describe('matchesPlatform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64', true],
    ['linux/amd64', 'linux/amd64/v3', true],
    ['linux/amd64/v1', 'linux/amd64', true],
    ['linux/amd64/v1', 'linux/amd64/v3', false],
    ['linux/amd64/v3', 'linux/amd64', false],
    ['linux/arm', 'linux/arm/v6', true],
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm/v6', 'linux/arm/v6', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/arm/v7', 'linux/arm', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/arm64', 'linux/arm', false],
    ['linux/amd64', 'windows/amd64', false],
    ['windows/amd64', 'windows(10.0.20348.1)/amd64', true],
    ['windows(10.0.20348)/amd64', 'windows(10.0.20348.1)/amd64', true],
    ['windows(10.0.20348)/amd64', 'windows(10.0.203480.1)/amd64', false],
    ['windows(10.0.20348)/amd64', 'windows/amd64', false],
  ])('says whether %j asks for %j', (selector, platform, expected) => {
    expect(matchesPlatform(parsePlatform(selector), image(platform))).toBe(expected)
  })
})
