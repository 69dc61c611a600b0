import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { generate } from 'selfsigned'

/** A server of this process on a free loopback port. */
export interface Served {
  /** `http://127.0.0.1:<port>` or `https://…` */
  readonly origin: string
  /** `127.0.0.1:<port>` */
  readonly host: string
  readonly stop: () => Promise<void>
}

/** Key and certificate in PEM; the certificate is its own authority. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** Serves on loopback; with a certificate over TLS. A handler that throws answers 500 with the reason. */
export async function serve(handler: Handler, certificate?: Certificate): Promise<Served> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    Promise.resolve(handler(request, response)).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  }
  const server: Server = certificate ? createHttpsServer(certificate, listener) : createHttpServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const host = `127.0.0.1:${address.port}`
  return {
    origin: `${certificate ? 'https' : 'http'}://${host}`,
    host,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A fresh certificate for `localhost` and 127.0.0.1 that nobody trusts yet. */
export async function selfSignedCertificate(): Promise<Certificate> {
  const pair = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: pair.private, cert: pair.cert }
}
