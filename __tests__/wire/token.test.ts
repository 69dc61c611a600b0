import { describe, expect, it } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { parseTokenAnswer } from '../../src/wire/token.ts'

const parse = (body: string) => parseTokenAnswer(Buffer.from(body), 'auth.example')

describe('parseTokenAnswer', () => {
  it.each<[string, object]>([
    ['{"token":"t"}', { token: 't', lifetimeSeconds: 60, refreshToken: null }],
    ['{"access_token":"t"}', { token: 't' }],
    ['{"token":"","access_token":"t"}', { token: 't' }],
    ['{"token":null,"access_token":"t","scope":7}', { token: 't' }],
    ['{"token":"a","access_token":"a","expires_in":"3600"}', { token: 'a', lifetimeSeconds: 3600 }],
    ['{"token":"t","expires_in":1e300}', { lifetimeSeconds: 86_400 }],
    ['{"token":"t","expires_in":-5}', { lifetimeSeconds: 60 }],
    ['{"token":"t","expires_in":"1e9"}', { lifetimeSeconds: 60 }],
    ['{"token":"t","refresh_token":"r","issued_at":"yesterday"}', { refreshToken: 'r' }],
  ])('%s', (body, expected) => {
    expect(parse(body)).toMatchObject(expected)
  })

  it.each([
    '',
    'null',
    '[]',
    '"token"',
    '{}',
    '{"token":7}',
    '{"token":"a b"}',
    '{"token":"a\\u0000b"}',
    '{"token":"é"}',
    '<html>secret-token</html>',
    '{"token":"secret-token"',
  ])('refuses %j without quoting it', (body) => {
    expect(() => parse(body)).toThrow(WardenError)
    expect(() => parse(body)).toThrow(/token server auth\.example/)
    expect(() => parse(body)).not.toThrow(/secret-token/)
  })
})
