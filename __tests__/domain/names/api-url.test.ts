import { expect, test } from 'vitest'

import { parseApiUrl } from '../../../src/domain/names/api-url.ts'
import { answerOf, lineOf } from '../../support/refusal.ts'

test.each([
  ['https://gitlab.example/api/v4', 'https://gitlab.example/api/v4'],
  ['https://gitlab.example/api/v4//', 'https://gitlab.example/api/v4'],
  ['https://harbor.example:8443', 'https://harbor.example:8443/'],
  ['http://127.0.0.1:5000/api', 'http://127.0.0.1:5000/api'],
  ['http://localhost:5000', 'http://localhost:5000/'],
])('%s is an address', (text, href) => {
  expect(parseApiUrl(text, 'provider-api-url').href).toBe(href)
})

test.each([
  '',
  'gitlab.example/api/v4',
  'ftp://gitlab.example',
  'http://gitlab.example/api/v4',
  'http://10.0.0.1/api',
  'https://gitlab.example/?a=1',
  'https://gitlab.example/#a',
  `https://gitlab.example/${'a'.repeat(1000)}`,
])('%s is refused', (text) => {
  expect(answerOf(() => parseApiUrl(text, 'provider-api-url'))).toBeNull()
})

test('a password is refused and not repeated', () => {
  const line = lineOf(() => parseApiUrl('https://me:hunter22@gitlab.example/', 'provider-api-url'))
  expect(line).toContain('provider-api-url')
  expect(line).not.toContain('hunter22')
})
