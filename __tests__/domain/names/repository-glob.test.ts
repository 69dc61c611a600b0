import { describe, expect, it } from 'vitest'
import { parseRegistry } from '../../../src/domain/names/registry.ts'
import { isRepositoryGlob, parseRepositoryGlob } from '../../../src/domain/names/repository-glob.ts'
import { lineOf } from '../../support/refusal.ts'

const hub = parseRegistry('docker.io')

describe('isRepositoryGlob', () => {
  it.each([
    '*',
    'team/*',
    'ghcr.io/team/*',
    'team/api-?',
    '{a,b}/c',
    '[a-z]*/x',
    '[::1]:5000/team/*',
    '/team/.+/',
  ])('says yes to %j', (text) => {
    expect(isRepositoryGlob(text)).toBe(true)
  })

  it.each(['api', 'team/api', 'ghcr.io/team/api:v1', 'localhost:5000/a', '[::1]:5000/a', '[2001:db8::1]/a'])(
    'says no to %j',
    (text) => {
      expect(isRepositoryGlob(text)).toBe(false)
    },
  )
})

describe('parseRepositoryGlob', () => {
  it.each([
    ['*', 'docker.io', 'team/api'],
    ['team/*', 'docker.io', 'team/a/b'],
    ['ghcr.io/team/*', 'ghcr.io', 'team/api'],
    ['localhost:5000/*', 'localhost:5000', 'api'],
    ['[::1]:5000/t?am/*', '[::1]:5000', 'team/api'],
    ['[s-u]eam/api', 'docker.io', 'team/api'],
    ['{team,other}/*', 'docker.io', 'other/api'],
    ['/team/.+/', 'docker.io', 'team/api'],
  ])('reads %j', (text, host, path) => {
    const glob = parseRepositoryGlob(text, hub)
    expect(glob.registry.host).toBe(host)
    expect(glob.pattern.matches(path)).toBe(true)
    expect(glob.pattern.matches(`${path}-x!`)).toBe(/[*]$|[+]/.test(text))
  })

  it.each([
    ['https://ghcr.io/team/*', 'not a host'],
    ['ghcr.io:x/team/*', 'not a host'],
    ['team/{a', 'never closed'],
    ['ghcr.io/', 'must not be empty'],
    ['u:secret@ghcr.io/team/*', 'holds no credentials'],
    ['u:sec/ret@ghcr.io/*', 'holds no credentials'],
    ['/u:secret@.*/', 'holds no credentials'],
  ])('refuses %j', (text, advice) => {
    const line = lineOf(() => parseRepositoryGlob(text, hub))
    expect(line).toContain(advice)
    expect(line).not.toMatch(/sec/)
  })
})
