import { expect, it } from 'vitest'
import { createMasker, maskLogin } from '../../src/credentials/masking.ts'

function masked(secret: string): string[] {
  const found: string[] = []
  createMasker((value) => void found.push(value))(secret)
  return found
}

it('registers a secret, its Base64 and its URL-encoded form', () => {
  expect(masked('a+b/c=d&e')).toEqual(['a+b/c=d&e', 'YStiL2M9ZCZl', 'a%2Bb%2Fc%3Dd%26e'])
})

it('registers a secret as others repeat it: in JSON, and with its blanks folded', () => {
  expect(masked('a\tb  "c"\\d')).toEqual(
    expect.arrayContaining(['a b "c"\\d', 'a\\tb  \\"c\\"\\\\d', 'a\\tb \\"c\\"\\\\d']),
  )
})

it('registers the lines of a key that say something', () => {
  const key = '{\n  "type": "service_account",\n  "private_key_id": "0123456789"\n}\n'
  const found = masked(key)
  expect(found).toContain(key)
  expect(found).toContain(key.trim())
  expect(found).toContain('"private_key_id": "0123456789"')
  expect(found).not.toContain('{')
  expect(found).not.toContain('}')
})

it.each(['', 'short', '  abc  \n', '\n\n\n\n\n\n\n'])(
  'leaves %j alone: logs would turn into ***',
  (secret) => {
    expect(masked(secret)).toEqual([])
  },
)

it('registers nothing twice, and never throws', () => {
  const found: string[] = []
  const mask = createMasker((value) => void found.push(value))
  mask('secret-1')
  mask('secret-1')
  mask('lone surrogate \ud800')
  expect(new Set(found).size).toBe(found.length)
})

it('registers what Basic authentication sends, and never the user name', () => {
  const found: string[] = []
  maskLogin((value) => void found.push(value), 'ci-robot', 'secret-1')
  expect(found).toEqual(['secret-1', Buffer.from('ci-robot:secret-1').toString('base64')])
})
