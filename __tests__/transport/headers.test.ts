import { expect, test } from 'vitest'
import { collectHeaders, foreignHeaders, headerValue } from '../../src/transport/headers.ts'

test('repeated headers stay apart, names are lower-cased', () => {
  const headers = collectHeaders([
    'WWW-Authenticate',
    'Bearer a',
    'www-authenticate',
    'Basic b',
    '__proto__',
    'x',
  ])
  expect([...headers]).toEqual([
    ['www-authenticate', ['Bearer a', 'Basic b']],
    ['__proto__', ['x']],
  ])
  expect(headerValue({ headers }, 'www-authenticate')).toBe('Bearer a')
  expect(headerValue({ headers }, 'link')).toBeNull()
})

test('another origin gets what everybody may have', () => {
  const headers = {
    accept: 'a',
    Range: 'bytes=0-0',
    authorization: 's',
    cookie: 's',
    'proxy-authorization': 's',
    'private-token': 's',
    'x-registry-auth': 's',
  }
  expect(foreignHeaders(headers)).toEqual({ accept: 'a', Range: 'bytes=0-0' })
})
