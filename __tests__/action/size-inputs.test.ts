import { describe, expect, it } from 'vitest'
import { parseInputs } from '../../src/action/inputs.ts'
import { WardenError } from '../../src/domain/errors.ts'
import {
  formatPlatform,
  matchesPlatform,
  parsePlatform,
  platformOf,
} from '../../src/domain/names/platform.ts'
import { formatReference } from '../../src/domain/names/reference.ts'

const parse = (given: Readonly<Record<string, string>>) =>
  parseInputs((name) => given[name] ?? (name === 'image' ? 'ghcr.io/acme/api:v1' : ''))

function adviceOn(given: Record<string, string>): string {
  try {
    parse(given)
  } catch (error) {
    if (error instanceof WardenError) return error.line
    throw error
  }
  return 'accepted'
}

function imagesOf(image: string): string[] {
  const command = parse({ image })
  if (command.mode !== 'size') throw new Error('another mode')
  return command.size.images.map((one) =>
    one.kind === 'registry' ? formatReference(one.reference) : one.kind,
  )
}

describe('inputs of size that say one thing', () => {
  it.each([
    '- ghcr.io/acme/api:v1',
    '"ghcr.io/acme/api:v1"',
    "'ghcr.io/acme/api:v1'",
    '[ghcr.io/acme/api:v1]',
    '["ghcr.io/acme/api:v1"]',
    '- "ghcr.io/acme/api:v1"',
  ])('are taken as meant: %s', (image) => {
    expect(imagesOf(image)).toEqual(['ghcr.io/acme/api:v1'])
  })

  it('take each reference of a list in brackets', () => {
    expect(imagesOf('["ghcr.io/acme/a:1", "ghcr.io/acme/b:2"]')).toEqual([
      'ghcr.io/acme/a:1',
      'ghcr.io/acme/b:2',
    ])
  })

  it.each([
    ['amd64', ['linux/amd64']],
    ['linux/amd64 linux/arm64', ['linux/amd64', 'linux/arm64']],
    ['arm/v7, aarch64', ['linux/arm/v7', 'linux/arm64']],
  ])('take platforms as people write them: %s', (platforms, expected) => {
    const command = parse({ platforms })
    if (command.mode !== 'size' || command.size.platforms === 'all') throw new Error('all')
    expect(command.size.platforms.map(formatPlatform)).toEqual(expected)
  })

  it('take Docker Hub as docker login writes it', () => {
    expect(parse({ registry: 'https://index.docker.io/v1/' }).common.registry.host).toBe('docker.io')
  })
})

describe('inputs of size that cannot be meant', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ 'max-size': '300MiB, 1MiB' }, /second would never apply/],
    [{ 'max-size': '300MiB\nv* = 1MiB' }, /never apply.*before it/],
    [{ 'max-increase': '5%, 1MiB', baseline: ':main' }, /write 5% or 1MiB/],
    [{ 'max-size': 'linux/arm64 = 300MiB' }, /write \* linux\/arm64 = 300MiB/],
    [{ 'max-size': '7,5 MiB' }, /Write 7\.5MiB/],
    [{ 'max-layer-size': '7,5 MiB' }, /7\.5MiB/],
    [{ 'max-size': '1,000MiB' }, /Write 1000MiB, or 1MiB if the comma is a decimal point/],
    [{ 'warn-size': '*/arm64 = 1,500 MB' }, /Write 1500MB, or 1\.5MB if/],
    [{ 'max-layer-size': '1,000MiB' }, /Write 1000MiB, or 1MiB if/],
    [{ 'max-increase': '1,000,000kB', baseline: ':main' }, /Write 1000000kB$/],
    [{ 'max-size': '0,125GiB' }, /Write 0\.125GiB$/],
    [{ image: 'ghcr.io/acme/api', tags: 'pr-\\d+' }, /write \/pr-\\d\+\//],
    [{ image: 'image.tar' }, /oci-archive:\/\/image\.tar/],
    [{ image: 'ghcr.io/ghcr.io/acme/api:v1' }, /write ghcr\.io\/acme\/api:v1/],
    [{ image: 'localhost:5000/localhost:5000/api:v1' }, /twice: write localhost:5000\/api:v1/],
  ])('say what to write: %j', (given, advice) => {
    expect(adviceOn(given)).toMatch(advice)
  })

  it('leave alone what has a meaning', () => {
    expect(adviceOn({ 'max-size': 'v* = 1MiB\n* linux/arm64 = 2MiB\n3MiB' })).toBe('accepted')
    expect(adviceOn({ 'max-increase': '5% or 1MiB', baseline: ':main' })).toBe('accepted')
  })
})

describe('the version of an operating system', () => {
  const mac = (osVersion: string) => platformOf({ os: 'darwin', architecture: 'arm64', osVersion })

  it('keeps images apart whatever characters it holds', () => {
    const versions = [
      'macOS 12.6',
      'macOS 13.0',
      'macOS-12.6',
      'a/b',
      'a(b',
      'é',
      'x'.repeat(90),
      `${'x'.repeat(90)}y`,
      '\u202E',
    ]
    const written = versions.map((one) => formatPlatform(mac(one)))
    expect(new Set(written).size).toBe(versions.length)
    for (const text of written) expect(text).toMatch(/^darwin\([a-z0-9._+-]{1,64}\)\/arm64$/)
  })

  it('can be selected, and read again as it is written', () => {
    for (const version of ['macOS 12.6', 'a/b', 'x'.repeat(90)]) {
      const platform = mac(version)
      expect(matchesPlatform(parsePlatform(formatPlatform(platform)), platform)).toBe(true)
    }
    expect(matchesPlatform(parsePlatform('darwin(macos 12.6)/arm64'), mac('macOS 13.0'))).toBe(false)
    expect(matchesPlatform(parsePlatform('darwin(macOS 12.6)/arm64'), mac('macOS 12.6'))).toBe(true)
  })
})

describe('a pattern over repositories', () => {
  it('needs to be told which tags of each', () => {
    expect(adviceOn({ image: 'ghcr.io/acme/*' })).toContain('tags: latest, or tags: all')
    expect(adviceOn({ image: 'ghcr.io/acme/*', tags: 'latest' })).toBe('accepted')
  })

  it('is not a path of a file', () => {
    expect(adviceOn({ image: '/tmp/image.tar' })).not.toContain('pattern over repositories')
  })
})
