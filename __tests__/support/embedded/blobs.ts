import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256 } from '../blobs.ts'
import { refuse } from './replies.ts'
import type { StoredRepository } from './store.ts'

/** GET, HEAD and DELETE of a blob. */
export function blobExchange(
  repository: StoredRepository,
  digest: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const bytes = repository.blobs.get(digest)
  if (bytes === undefined) {
    refuse(response, 404, 'BLOB_UNKNOWN', 'blob unknown to registry')
    return
  }
  if (request.method === 'DELETE') {
    repository.blobs.delete(digest)
    response.writeHead(202).end()
    return
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const part = range
    ? bytes.subarray(Number(range[1]), range[2] === '' ? undefined : Number(range[2]) + 1)
    : bytes
  const start = Number(range?.[1] ?? 0)
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': part.length,
    'docker-content-digest': digest,
    ...(range && { 'content-range': `bytes ${start}-${start + part.length - 1}/${bytes.length}` }),
  })
  response.end(request.method === 'HEAD' ? undefined : part)
}

/** POST opens an upload, PUT with `digest` ends it in one piece; chunks are not offered. */
export async function uploadExchange(
  path: string,
  repository: StoredRepository,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') {
    response.writeHead(202, { location: `/v2/${path}/blobs/uploads/${randomUUID()}`, range: '0-0' }).end()
    return
  }
  const bytes = Buffer.concat(await request.toArray())
  const digest = sha256(bytes)
  if (query.get('digest') !== digest) {
    refuse(response, 400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
    return
  }
  repository.blobs.set(digest, bytes)
  response.writeHead(201, { location: `/v2/${path}/blobs/${digest}`, 'docker-content-digest': digest }).end()
}
