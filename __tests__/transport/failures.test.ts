import { describe, expect, test } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { codeOf, explainFailure } from '../../src/transport/failures.ts'

function broken(code: string, message = 'secret'): Error {
  return Object.assign(new Error(message), { code })
}

function explain(error: unknown, tries = 1, proxy: string | null = null): WardenError {
  const url = new URL('https://registry.test:5000/v2/a/tags/list?token=secret')
  return explainFailure(error, { request: { method: 'GET', purpose: 'tags of a' }, url, tries, proxy })
}

describe('explainFailure', () => {
  test.each([
    ['ENOTFOUND', 'network', 'host not found: registry.test:5000'],
    ['EAI_AGAIN', 'network', 'the name registry.test:5000 could not be resolved'],
    ['ECONNREFUSED', 'network', 'nothing answers at registry.test:5000'],
    ['ECONNRESET', 'network', 'registry.test:5000 closed the connection'],
    ['EPIPE', 'network', 'registry.test:5000 closed the connection'],
    ['ETIMEDOUT', 'network', 'registry.test:5000 does not answer'],
    ['EHOSTUNREACH', 'network', 'there is no route to registry.test:5000'],
    ['SOMETHING_NEW', 'network', 'the request to registry.test:5000 failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'the certificate of registry.test:5000 is not trusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'the certificate of registry.test:5000 is not trusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'the certificate of registry.test:5000 is not trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls', 'the certificate of registry.test:5000 is not trusted'],
    ['INVALID_CA', 'tls', 'the certificate of registry.test:5000 is not trusted'],
    ['CERT_HAS_EXPIRED', 'tls', 'the certificate of registry.test:5000 has expired'],
    ['EPROTO', 'tls', 'registry.test:5000 and this runner found no common way to speak TLS'],
    ['ERR_SSL_TLSV1_ALERT', 'tls', 'registry.test:5000 and this runner found no common way to speak TLS'],
    ['HPE_INVALID_CONSTANT', 'protocol', 'registry.test:5000 does not answer in HTTP'],
    ['STALLED', 'deadline', 'registry.test:5000 stopped responding'],
    ['RUN_OVER', 'deadline', 'the time for this run is over'],
  ])('%s is of kind %s', (code, kind, what) => {
    const error = explain(broken(code))
    expect(error).toMatchObject({ kind, message: `tags of a: ${what} (${code})` })
    expect(error.advice).not.toBeNull()
    expect(error.line).not.toMatch(/secret|\n/)
  })

  test.each(['wrong version number', 'packet length too long'])(
    'plain text where TLS was expected: %s',
    (words) => {
      expect(explain(broken('EPROTO', `write EPROTO ...:${words}:...`)).message).toMatch(/does not speak TLS/)
    },
  )

  test('plain text out of a tunnel may be the words of the proxy', () => {
    const error = broken('EPROTO', 'write EPROTO ...:wrong version number:...')
    expect(explain(error, 1, 'proxy:3128').advice).toMatch(/NO_PROXY/)
  })

  test('tells how often it was tried, and the proxy in between', () => {
    expect(explain(broken('ECONNRESET'), 5, 'proxy:3128').message).toMatch(
      /\(ECONNRESET, 5 tries, through the proxy proxy:3128\)$/,
    )
  })

  test('shows neither query nor user in the exchange', () => {
    expect(explain(broken('ECONNRESET')).exchange).toEqual({
      method: 'GET',
      url: 'https://registry.test:5000/v2/a/tags/list',
      status: null,
      codes: [],
    })
  })

  test('leaves an error as it is that is already explained', () => {
    const error = new WardenError('input', 'known')
    expect(explain(error)).toBe(error)
  })
})

test('codeOf finds the code of a cause, and none in a circle', () => {
  expect(codeOf(new Error('outer', { cause: broken('ECONNRESET') }))).toBe('ECONNRESET')
  expect(codeOf('text')).toBe('UNKNOWN')
  const circle = new Error('circle')
  circle.cause = circle
  expect(codeOf(circle)).toBe('UNKNOWN')
})
