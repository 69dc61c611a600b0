import type { Agent, IncomingMessage } from 'node:http'
import type { Clock } from '../domain/ports.ts'
import type { Agents } from './agents.ts'
import { dropBody, readBody, streamBody } from './body.ts'
import type { ClockLead } from './clock-lead.ts'
import { exchange } from './exchange.ts'
import { codeOf, explainFailure, failure } from './failures.ts'
import { collectHeaders, foreignHeaders, headerValue } from './headers.ts'
import { printableUrl, sameOrigin } from './origin.ts'
import { decideRedirect } from './redirects.ts'
import { rateLimitOf } from './rate-limit.ts'
import type { RateLimit } from './rate-limit.ts'
import type { BodyStream, HttpRequest, HttpResponse } from './types.ts'
import type { StartWatch, Watch } from './watch.ts'

/** What every attempt of one transport shares. */
export interface AttemptSetting {
  readonly userAgent: string
  readonly maxRedirects: number
  readonly agents: Agents
  /** Ends what is under way; its reason is an `Interruption`. */
  readonly stop: AbortSignal
  readonly startWatch: StartWatch
  readonly clock: Clock
  readonly clockLead: Pick<ClockLead, 'note'>
  readonly counts: { requests: number; redirects: number; bytes: number }
  /** Is told of every exchange in one line, without query and headers: these hold secrets. */
  readonly trace: ((line: string) => void) | null
}

/** How a try ended, and at which URL. */
export type Attempt =
  | { readonly response: HttpResponse; readonly limit: RateLimit | null; readonly url: URL }
  | { readonly response: null; readonly error: unknown; readonly url: URL }

type Answered = Pick<Extract<Attempt, { response: HttpResponse }>, 'response' | 'limit'>

/** How far a chain of redirects has come. */
interface Hop {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly hops: number
  /** host name of the server that sent us here; null: the user named it */
  readonly namedBy: string | null
}

/**
 * One try: follows redirects until something is an answer, or fails. Never rejects.
 * @param again whether the host has refused this request before, by a rate limit
 */
export async function attempt(
  request: HttpRequest,
  setting: AttemptSetting,
  again: boolean,
): Promise<Attempt> {
  let hop: Hop = { url: request.url, headers: ownHeaders(request), hops: 0, namedBy: request.namedBy ?? null }
  for (;;) {
    try {
      if (hop.namedBy !== null) await refusePrivate(request, hop, hop.namedBy, setting)
      const { response, limit } = await answerOf(request, hop, setting, again)
      const next = followed(request, response, hop, setting.maxRedirects)
      if (next === null) return { response, limit, url: hop.url }
      setting.counts.redirects += 1
      hop = next
    } catch (error) {
      return { response: null, error, url: hop.url }
    }
  }
}

/**
 * A name is judged by its addresses once it is resolved, which happens here unless a proxy does it; the
 * literal addresses of redirects and token servers were judged before.
 */
async function refusePrivate(
  request: HttpRequest,
  { url }: Hop,
  namedBy: string,
  { agents }: AttemptSetting,
) {
  if (namedBy === url.hostname || agents.of(url).proxy !== null) return
  if (await agents.mayLead(namedBy, url.hostname)) return
  const what = `${namedBy} leads to ${url.host}, which is on a private network that ${namedBy} is not on`
  throw failure('protocol', what, 'Nothing was sent there', { request, url })
}

async function answerOf(
  request: HttpRequest,
  hop: Hop,
  setting: AttemptSetting,
  again: boolean,
): Promise<Answered> {
  const route = setting.agents.of(hop.url)
  const place = await route.gate.enter(setting.stop, again)
  let ended: Parameters<typeof place.leave>[0] = 'other'
  const watch = setting.startWatch()
  const started = performance.now()
  const tell = (outcome: string | number) => {
    const took = Math.round(performance.now() - started)
    setting.trace?.(`${request.method} ${printableUrl(hop.url)} ${outcome} ${took} ms`)
  }
  let isStreaming = false
  const end = () => {
    watch.end()
    place.leave(ended)
  }
  try {
    const response = await exchangeWith(route.agent, request, hop, watch, setting, end)
    isStreaming = response.stream !== undefined
    tell(response.status)
    const limit = rateLimitOf(response, request.limits ?? 'any', setting.clock())
    if (!isStreaming) ended = limit === null ? 'served' : 'refused'
    return { response, limit }
  } catch (error) {
    // Node reports an abort as a reset or an AbortError, by phase; the reason says what happened
    const reason = watch.reason() ?? error
    tell(codeOf(reason))
    throw reason
  } finally {
    if (!isStreaming) end()
  }
}

async function exchangeWith(
  agent: Agent,
  request: HttpRequest,
  { url, headers }: Hop,
  watch: Watch,
  setting: AttemptSetting,
  onStreamEnd: () => void,
): Promise<HttpResponse> {
  const { beat } = watch
  const { counts, userAgent } = setting
  const { method, body = null } = request
  counts.requests += 1
  const message = await exchange({ method, url, headers, body, userAgent, agent, watch })
  beat()
  setting.clockLead.note(message.headers.date)
  const status = message.statusCode ?? 0
  if (request.responseBody === 'stream' && (status === 200 || status === 206)) {
    message.once('close', onStreamEnd)
    watch.lift()
    const stream = openStream(message, request, url, watch, setting)
    return { status, headers: collectHeaders(message.rawHeaders), body: Buffer.alloc(0), stream, url }
  }
  // an error body says what went wrong, even where only a size was wanted
  const unwanted = method === 'HEAD' || (request.responseBody === 'discard' && status < 400)
  const bytes = unwanted
    ? await dropBody(message, method, beat)
    : await readBody(message, request.maxBytes, beat)
  counts.bytes += bytes.length
  return { status, headers: collectHeaders(message.rawHeaders), body: bytes, url }
}

/** The body as a stream whose failures are explained as those of any exchange. */
function openStream(
  message: IncomingMessage,
  request: HttpRequest,
  url: URL,
  { reason, beat }: Watch,
  { counts, agents }: AttemptSetting,
): BodyStream {
  const arrived = (bytes: number) => {
    counts.bytes += bytes
    beat()
  }
  async function* chunks(): AsyncGenerator<Buffer, void> {
    try {
      yield* streamBody(message, arrived)
    } catch (error) {
      throw explainFailure(reason() ?? error, { request, url, tries: 1, proxy: agents.proxyOf(url) })
    }
  }
  return { chunks: chunks(), cancel: () => message.destroy() }
}

/** The hop that an answer asks for, or null when it is to be taken as it is; refusals are errors. */
function followed(request: HttpRequest, response: HttpResponse, hop: Hop, maxHops: number): Hop | null {
  if (request.redirects === false) return null
  const { url, hops } = hop
  const location = headerValue(response, 'location')
  const decision = decideRedirect({
    method: request.method,
    status: response.status,
    location,
    url,
    hops,
    maxHops,
  })
  if (decision.kind === 'answer') return null
  if (decision.kind === 'refuse') {
    throw failure(
      'protocol',
      `${url.host} redirects, but ${decision.why}`,
      null,
      { request, url },
      response.status,
    )
  }
  // credentials stay behind at the first hop to another origin, and do not come back with a hop home
  const headers = sameOrigin(url, decision.url) ? hop.headers : foreignHeaders(hop.headers)
  return { url: decision.url, headers, hops: hops + 1, namedBy: url.hostname }
}

function ownHeaders({ headers, authorization }: HttpRequest): Record<string, string> {
  return authorization === undefined || authorization === null
    ? { ...headers }
    : { ...headers, authorization }
}
