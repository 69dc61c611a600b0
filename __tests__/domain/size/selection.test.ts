import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePlatform, platformOf } from '../../../src/domain/names/platform.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { parsePatterns } from '../../../src/domain/patterns/pattern.ts'
import { requirePlatforms, selectTags, selectsPlatform } from '../../../src/domain/size/selection.ts'
import { lineOf } from '../../support/refusal.ts'

const tags = (...names: string[]) => names.map((name) => parseTag(name, 'tags'))
const patterns = (...texts: string[]) => parsePatterns(texts, 'tags')
const amd64 = platformOf({ os: 'linux', architecture: 'amd64' })
const v6 = platformOf({ os: 'linux', architecture: 'arm', variant: 'v6' })
const v7 = platformOf({ os: 'linux', architecture: 'arm', variant: 'v7' })

describe('selectTags', () => {
  const listed = tags('v1.10.0', 'latest', 'v1.9.0', 'v1.9.0-rc.1', 'build-10', 'build-9')

  it('takes all in the order in which people read them', () => {
    expect(selectTags(listed, { include: 'all', exclude: [] })).toEqual(
      tags('v1.9.0-rc.1', 'v1.9.0', 'v1.10.0', 'build-9', 'build-10', 'latest'),
    )
  })

  it('takes what a pattern names, less what an exclusion names', () => {
    const selection = { include: patterns('v*', 'latest'), exclude: patterns('*-rc.*', 'latest') }
    expect(selectTags(listed, selection)).toEqual(tags('v1.9.0', 'v1.10.0'))
    expect(selectTags(listed, { include: [], exclude: [] })).toEqual([])
  })

  it('keeps each tag exactly when it is included and not excluded, whatever the order of the list', () => {
    const name = fc.stringMatching(/^[a-c0-2][a-c0-2.-]{0,3}$/)
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const selection = { include: patterns('a*', '[0-2]*'), exclude: patterns('*b') }
        const selected = selectTags(tags(...names), selection)
        expect(new Set(selected)).toEqual(
          new Set(names.filter((tag) => /^[a0-2]/.test(tag) && !tag.endsWith('b'))),
        )
        expect(selectTags(tags(...names.toReversed()), selection)).toEqual(selected)
      }),
    )
  })
})

describe('selectsPlatform', () => {
  it('asks for an unknown platform only with all', () => {
    expect(selectsPlatform('all', null)).toBe(true)
    expect(selectsPlatform([parsePlatform('linux/amd64')], null)).toBe(false)
  })

  it.each([
    ['linux/arm', true, true],
    ['linux/arm/v7', false, true],
    ['linux/arm/6', true, false],
    ['windows/arm', false, false],
  ])('%s selects v6 %s and v7 %s', (wanted, six, seven) => {
    expect([v6, v7].map((platform) => selectsPlatform([parsePlatform(wanted)], platform))).toEqual([
      six,
      seven,
    ])
  })
})

describe('requirePlatforms', () => {
  it('is content when each is somewhere', () => {
    expect(() => requirePlatforms('all', [])).not.toThrow()
    expect(() => requirePlatforms([parsePlatform('linux/arm')], [amd64, v6])).not.toThrow()
  })

  it('names the one that is nowhere, and each that is there once', () => {
    const check = () =>
      requirePlatforms([parsePlatform('linux/amd64'), parsePlatform('linux/s390x')], [amd64, v6, amd64])
    expect(lineOf(check)).toBe(
      'input platforms: no selected image has linux/s390x. They have: linux/amd64, linux/arm/v6',
    )
    expect(lineOf(() => requirePlatforms([parsePlatform('linux/amd64')], []))).toMatch(
      /None of them names a platform/,
    )
  })
})
