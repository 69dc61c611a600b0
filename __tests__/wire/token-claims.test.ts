import { expect, it } from 'vitest'
import { parseAccessClaim } from '../../src/wire/token-claims.ts'

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`

it('reads what a token allows', () => {
  const access = [{ type: 'repository', name: 'acme/api', actions: ['pull', 'push'] }]
  expect(parseAccessClaim(jwt({ access, sub: 'ci' }))).toEqual(access)
})

it('takes null for no actions, as Go writes an empty list', () => {
  const access = [{ type: 'repository', name: 'acme/api', actions: null }]
  expect(parseAccessClaim(jwt({ access }))).toEqual([{ ...access[0], actions: [] }])
})

it.each([
  ['an opaque token', 'djE6YWNtZS9hcGk6MTIzNDU2Nzg5MA=='],
  ['no claim', jwt({ sub: 'ci' })],
  ['no JSON', 'a.b.c'],
  ['another form', jwt({ access: { pull: true } })],
  ['an endless one', jwt({ access: [], padding: 'x'.repeat(100_000) })],
])('%s tells nothing', (_, token) => {
  expect(parseAccessClaim(token)).toBeNull()
})
