import type { ServerResponse } from 'node:http'

/** Ends an exchange with JSON. */
export function reply(response: ServerResponse, status: number, body: unknown): void {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json')
  response.writeHead(status).end(JSON.stringify(body))
}

/** Ends an exchange with the spec's error body. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  reply(response, status, { errors: [{ code, message }] })
}

/** An answer that says no: status, code and message of the error body. */
export type Refusal = readonly [status: number, code: string, message: string]
