import { X509Certificate } from 'node:crypto'
import type * as tls from 'node:tls'
import { WardenError } from '../domain/errors.ts'
import { builtin } from './builtin.ts'

const begin = '-----BEGIN CERTIFICATE-----'
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * The certificates of a PEM bundle; an `input` error about `ca-file` when there is none or one of them is
 * broken.
 */
export function parseCertificates(pem: string): readonly string[] {
  const blocks = pem.match(block) ?? []
  if (blocks.length === 0) throw refused('holds no PEM certificate')
  if (blocks.length !== pem.split(begin).length - 1) throw refused('holds a certificate that is cut off')
  for (const [index, certificate] of blocks.entries()) {
    try {
      void new X509Certificate(certificate)
    } catch {
      throw refused(`holds something that is not a certificate (block ${index + 1})`)
    }
  }
  return blocks
}

/**
 * A TLS context that trusts the given certificates besides those Node trusts anyway: a registry behind a
 * company's CA still redirects to public storage. Built once, since parsing some 150 roots takes longer than
 * a handshake.
 */
export function trusting(certificates: readonly string[]): tls.SecureContext {
  return builtin.tls().createSecureContext({ ca: [...defaultRoots(), ...certificates] })
}

function defaultRoots(): readonly string[] {
  // includes NODE_EXTRA_CA_CERTS
  return builtin.tls().getCACertificates('default')
}

function refused(what: string): WardenError {
  return new WardenError('input', `input ca-file: the file ${what}`, {
    advice: 'Give a PEM bundle: one or more blocks that begin with BEGIN CERTIFICATE',
  })
}
