import { expect, it } from 'vitest'
import { refusal } from '../../src/credentials/refusal.ts'
import { parseRegistry } from '../../src/domain/names/registry.ts'

/** What the registry itself refuses to a user name and password. */
function advice(path: string | null): string | null {
  const registry = parseRegistry('r.example')
  const url = new URL('https://r.example/v2/')
  const attempt = { url, method: 'GET', actions: [], auth: { target: { registry, path }, exists: false } }
  return refusal(
    attempt,
    { kind: 'basic', username: 'ci', password: 'wrong', source: 'the inputs' },
    { by: 'registry', error: null },
  ).advice
}

it('speaks of a repository only where one was asked for', () => {
  expect(advice(null)).toBe('The login is wrong or expired; check user name and password')
  expect(advice('acme/api')).toBe(
    'The login is wrong, or the repository does not exist; check user name and password',
  )
})
