import { createServer } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { parseCertificates } from '../../src/transport/trust.ts'
import { serve } from '../support/loopback.ts'
import { certificateFor, get, listen, type SignedCertificate, testTransport } from './servers.ts'
import { transport, untilTheEnd } from './stage.ts'

let certificate: SignedCertificate
let origin: string
let host: string
let stop: () => Promise<void>

beforeAll(async () => {
  certificate = await certificateFor(['localhost', '127.0.0.1'])
  ;({ origin, host, stop } = await serve(
    (request, response) => void response.end(request.headers.authorization ?? '-'),
    certificate,
  ))
})

afterAll(() => stop())

describe('a certificate', () => {
  test('of an unknown authority is refused with advice', async () => {
    await expect(transport().send(get(origin))).rejects.toMatchObject({
      kind: 'tls',
      message: `a test: the certificate of ${host} is not trusted (SELF_SIGNED_CERT_IN_CHAIN)`,
      advice: expect.stringMatching(/ca-file/),
    })
  })

  test('of the authority in ca-file is accepted', async () => {
    const response = await transport({ ca: certificate.ca }).send(get(origin))
    expect(response.status).toBe(200)
  })

  test('is not checked for the insecure origin, and only for that', async () => {
    const other = await serve((_, response) => void response.end('other'), certificate)
    untilTheEnd(other.stop)
    const { send } = transport({ insecureOrigins: new Set([origin]) })
    await expect(send(get(origin))).resolves.toMatchObject({ status: 200 })
    await expect(send(get(other.origin))).rejects.toMatchObject({ kind: 'tls' })
    await expect(send(get(origin.replace('127.0.0.1', 'localhost')))).rejects.toMatchObject({ kind: 'tls' })
  })

  test.each([
    ['for another host', ['registry.test'], {}, /is for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)$/],
    [
      'that has expired',
      ['127.0.0.1'],
      { notAfterDate: new Date(1e12) },
      /has expired \(CERT_HAS_EXPIRED\)$/,
    ],
  ])('%s is refused', async (_, names, dates, message) => {
    const wrong = await certificateFor(names, dates)
    const server = await listen(createServer(wrong))
    untilTheEnd(server.stop)
    const sent = transport({ ca: wrong.ca }).send(get(`https://127.0.0.1:${server.port}/`))
    await expect(sent).rejects.toMatchObject({ kind: 'tls', message: expect.stringMatching(message) })
  })
})

test('TLS to a plain HTTP registry says so', async () => {
  const plain = await serve((_, response) => void response.end())
  untilTheEnd(plain.stop)
  await expect(transport().send(get(plain.origin.replace('http:', 'https:')))).rejects.toMatchObject({
    kind: 'tls',
    message: expect.stringMatching(/does not speak TLS/),
    advice: expect.stringMatching(/http:\/\//),
  })
})

test('plain HTTP to a TLS registry says so', async () => {
  await expect(transport().send(get(origin.replace('https:', 'http:')))).rejects.toBeInstanceOf(WardenError)
})

test('connections with a context of our own are kept alive too', async () => {
  const { send, stats } = transport({ ca: certificate.ca })
  for (let count = 0; count < 3; count += 1) await send(get(origin))
  expect(stats()).toMatchObject({ requests: 3, connections: 1 })
})

test('a redirect from https to http is refused', async () => {
  const plain = await serve((_, response) => void response.end('in the clear'))
  const front = await serve(
    (_, response) => void response.writeHead(302, { location: plain.origin }).end(),
    certificate,
  )
  untilTheEnd(plain.stop)
  untilTheEnd(front.stop)
  await expect(transport({ ca: certificate.ca }).send(get(front.origin))).rejects.toMatchObject({
    kind: 'protocol',
    message: expect.stringMatching(/it leads from https to http/),
  })
})

test('a redirect from an insecure origin to another is checked, and loses the credentials', async () => {
  const front = await serve(
    (_, response) => void response.writeHead(302, { location: origin }).end(),
    certificate,
  )
  untilTheEnd(front.stop)
  const insecureOrigins = new Set([front.origin])
  await expect(transport({ insecureOrigins }).send(get(front.origin))).rejects.toMatchObject({ kind: 'tls' })
  const trusting = transport({ insecureOrigins, ca: certificate.ca })
  const response = await trusting.send(get(front.origin, { authorization: 'Bearer secret' }))
  expect(response.body.toString()).toBe('-')
})

describe('parseCertificates', () => {
  test('finds every certificate among comments', async () => {
    const { ca, cert } = certificate
    expect(parseCertificates(`# ours\r\n${ca}\n\ntext\n${cert}`)).toHaveLength(2)
  })

  test.each([
    ['nothing', '', /holds no PEM certificate/],
    ['text', 'hello', /holds no PEM certificate/],
    ['a key', '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----', /holds no PEM certificate/],
    [
      'garbage',
      '-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----',
      /is not a certificate \(block 1\)/,
    ],
  ])('%s is an error that does not quote it', (_, pem, message) => {
    expect(() => parseCertificates(pem)).toThrow(
      expect.objectContaining({ kind: 'input', message: expect.stringMatching(message) }),
    )
    expect(() => parseCertificates(pem)).not.toThrow(/c2VjcmV0/)
    expect(() => testTransport({ ca: pem })).toThrow(/^input ca-file: /)
  })

  test('a bundle that is cut off is an error', () => {
    const cut = `${certificate.ca}${certificate.cert.slice(0, 200)}`
    expect(() => parseCertificates(cut)).toThrow(/cut off/)
  })
})
