import { createPrivateKey, createPublicKey } from 'node:crypto'
import { generate } from 'selfsigned'
import { serve, type Served } from './loopback.ts'
import { tokenIssuer, type TokenIssuer, type TokenIssuerOptions } from './token-issuer.ts'

/** A token server on its own origin, with the certificate a real registry needs to trust it. */
export interface TokenServer extends TokenIssuer, Served {
  /** PEM, for `auth.token.rootcertbundle` */
  readonly certificate: string
}

export async function startTokenServer(options: TokenIssuerOptions): Promise<TokenServer> {
  const pair = await generate([{ name: 'commonName', value: 'warden-auth' }], { keySize: 2048 })
  const keys = { privateKey: createPrivateKey(pair.private), publicKey: createPublicKey(pair.public) }
  const issuer = tokenIssuer({ ...options, keys })
  const served = await serve((request, response) => issuer.answer(request, response))
  return { ...issuer, ...served, certificate: pair.cert }
}
