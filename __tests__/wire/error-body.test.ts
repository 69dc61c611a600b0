import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseRegistryErrors } from '../../src/wire/error-body.ts'
import { parseWarning } from '../../src/wire/warning.ts'

describe('parseRegistryErrors', () => {
  const parse = (body: unknown, contentType: string | null = 'application/json') =>
    parseRegistryErrors(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType)

  test.each([
    [
      'specification',
      { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown', detail: {} }] },
      ['MANIFEST_UNKNOWN'],
      'manifest unknown',
    ],
    [
      'several, lower case',
      { errors: [{ code: 'denied' }, { code: 'UNKNOWN', message: 'no' }] },
      ['DENIED', 'UNKNOWN'],
      'no',
    ],
    ['detail as text', { errors: [{ code: 'DENIED', detail: 'quota' }] }, ['DENIED'], 'quota'],
    ['strings', { errors: ['nope'] }, [], 'nope'],
    ['a code that is none', { errors: [{ code: '::error::', message: 'x' }, null, 7] }, [], 'x'],
    ['Artifactory', { errors: [{ status: 404, message: 'Not found' }] }, [], 'Not found'],
    ['old Hub', { details: 'incorrect username' }, [], 'incorrect username'],
    ['OAuth', { error: 'invalid_grant', error_description: 'bad token' }, [], 'invalid_grant: bad token'],
    ['message', { message: 'no such thing' }, [], 'no such thing'],
    ['detail', { detail: 'Not Found', status: 404 }, [], 'Not Found'],
    ['plain text', '404 page not found\n', [], '404 page not found'],
    ['controls', { message: 'a\u001b[31m\r\n::set-output::b\u202E' }, [], 'a [31m ::set-output::b'],
    ['empty', '', [], null],
    ['a number', '7', [], null],
    ['errors of another form', { errors: { code: 'X' } }, [], null],
  ])('%s', (_, body, codes, text) => {
    expect(parse(body)).toEqual({ codes, text, isHtml: false })
  })

  test.each([
    ['by its type', 'hello', 'text/html; charset=utf-8'],
    ['by how it begins', '\n<!DOCTYPE html><title>Login</title>', 'application/json'],
    ['without type', '<html><body>', null],
  ])('a web page is known %s', (_, body, contentType) => {
    expect(parse(body, contentType)).toEqual({ codes: [], text: null, isHtml: true })
  })

  test.each([
    ['plain text', 'Authorization: Basic dTpwYXNzd29yZA==\nAccept: */*'],
    ['JSON', { message: `bad request: ${JSON.stringify({ authorization: 'Bearer abc.def-ghi' })}` }],
  ])('a login that is quoted back is not repeated: %s', (_, body) => {
    const { text } = parse(body)
    expect(text).toMatch(/authorization\W+(?:Basic|Bearer) \*\*\*/i)
    expect(text).not.toMatch(/dTpw|abc\.def/)
  })

  test('text is cut to 200 characters', () => {
    expect(parse({ message: 'x'.repeat(5000) }).text).toHaveLength(200)
  })

  test('no body makes it throw', () => {
    const body = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .jsonValue()
        .map((value) => Buffer.from(JSON.stringify({ errors: [value], message: value, error: value }))),
    )
    fc.assert(
      fc.property(body, (bytes) => {
        const { text } = parseRegistryErrors(bytes, null)
        expect((text ?? '').length).toBeLessThanOrEqual(200)
      }),
    )
  })
})

describe('parseWarning', () => {
  test.each([
    ['299 - "this image is deprecated"', 'this image is deprecated'],
    [' 299 - "say \\"hi\\" \\\\o/" ', 'say "hi" \\o/'],
    ['299 - "line\u0007 break"', 'line break'],
    ['199 - "misc"', null],
    ['299 proxy "misc"', null],
    ['299 - unquoted', null],
    ['299 - ""', null],
    [`299 - "${'x'.repeat(5000)}"`, null],
  ])('%j says %j', (header, wanted) => {
    expect(parseWarning(header)).toBe(wanted)
  })
})
