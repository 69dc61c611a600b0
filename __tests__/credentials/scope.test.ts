import { describe, expect, it } from 'vitest'
import { mergeScopes, parseRepositoryScope, scopesToAsk, splitScopes } from '../../src/credentials/scope.ts'

describe('parseRepositoryScope', () => {
  it.each([
    ['repository:a/b:pull', { name: 'a/b', actions: ['pull'] }],
    ['repository:host:5000/a/b:pull,push', { name: 'host:5000/a/b', actions: ['pull', 'push'] }],
    ['repository:a:*', { name: 'a', actions: ['*'] }],
    ['repository:a:metadata_read', null],
    ['repository(plugin):a:pull', null],
    ['repository:a', null],
    ['repository::pull', null],
    ['registry:catalog:*', null],
    ['*', null],
    ['aws', null],
    ['', null],
  ])('%s', (scope, expected) => {
    expect(parseRepositoryScope(scope)).toEqual(expected)
  })
})

describe('mergeScopes', () => {
  it.each([
    [['repository:a:push,pull'], [], ['repository:a:pull,push']],
    [['repository:a:delete'], ['repository:a:pull'], ['repository:a:delete,pull']],
    [['repository:b:pull'], ['repository:a:pull'], ['repository:b:pull', 'repository:a:pull']],
    [['repository:a:*'], ['repository:a:pull'], ['repository:a:*']],
    [['repository:a:pull'], ['repository:a:*'], ['repository:a:*']],
    [['*', '*'], ['aws'], ['*', 'aws']],
    [
      ['repository:a:metadata_read'],
      ['repository:a:pull'],
      ['repository:a:metadata_read', 'repository:a:pull'],
    ],
  ])('%j and %j', (needed, known, expected) => {
    expect(mergeScopes(needed, known)).toEqual(expected)
  })
})

describe('scopesToAsk', () => {
  const need = { path: 'a/b', actions: ['pull'], challenged: [], held: [], exists: false }
  it.each([
    ['no scope in the challenge', {}, [['repository:a/b:pull']]],
    ['an opaque scope', { challenged: ['*'] }, [['*']]],
    [
      'another name for the repository',
      { challenged: ['repository:proxy/a/b:pull'] },
      [['repository:proxy/a/b:pull']],
    ],
    [
      'a delete',
      { actions: ['delete'], challenged: ['repository:a/b:delete'] },
      [['repository:a/b:delete,pull']],
    ],
    ['a delete, unproven and without scope', { actions: ['delete'] }, [['repository:a/b:delete,pull']]],
    [
      'a delete after a read, without scope',
      { actions: ['delete'], exists: true },
      [['repository:a/b:delete,pull,push'], ['repository:a/b:pull,push'], ['repository:a/b:*']],
    ],
    [
      'a pull with an upgraded token',
      { challenged: ['repository:a/b:pull'], held: ['repository:a/b:delete,pull'] },
      [['repository:a/b:delete,pull']],
    ],
    ['the catalog', { path: null, actions: ['*'] }, [['registry:catalog:*']]],
    ['the catalog, challenged', { path: null, actions: ['*'], challenged: ['other'] }, [['other']]],
    ['the registry itself', { path: null, actions: [] }, [[]]],
  ])('%s', (_, change, expected) => {
    expect(scopesToAsk({ ...need, ...change })).toEqual(expected)
  })
})

it('splits scopes at blanks and drops doubles', () => {
  expect(splitScopes(' repository:a:pull  * * ')).toEqual(['repository:a:pull', '*'])
})
