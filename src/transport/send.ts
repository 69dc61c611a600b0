import { setTimeout as pause } from 'node:timers/promises'
import type { Clock, Log } from '../domain/ports.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { createAgents } from './agents.ts'
import { type Attempt, attempt, type AttemptSetting } from './attempt.ts'
import { codeOf, explainFailure, failure } from './failures.ts'
import { headerValue } from './headers.ts'
import { printableUrl } from './origin.ts'
import { isPullLimit } from './pull-limit.ts'
import { decideRetry, type Outcome } from './retry.ts'
import { parseCertificates, trusting } from './trust.ts'
import type { HttpRequest, HttpResponse, Send } from './types.ts'
import { wantsTls } from './wants-tls.ts'
import { Interruption } from './watch.ts'

/** Times in milliseconds. */
export interface TransportLimits {
  readonly maxRedirects: number
  readonly maxTries: number
  /** An exchange without a byte for so long is given up; also the longest wait for the headers. */
  readonly idle: number
  /** From connecting to the last byte of one exchange. */
  readonly whole: number
  /** Connections per origin. */
  readonly maxSockets: number
}

const defaultLimits: TransportLimits = {
  maxRedirects: 5,
  maxTries: 5,
  idle: 30_000,
  whole: 120_000,
  maxSockets: 16,
}

export interface TransportOptions {
  readonly userAgent: string
  /** Origins (`https://host:port`) whose certificate is not checked. */
  readonly insecureOrigins: ReadonlySet<string>
  /** PEM certificates to trust besides the usual ones. */
  readonly ca: string | null
  /** Ends every request when the run is over, whatever it waits for. */
  readonly signal?: AbortSignal | null
  /** When the run will be over; no wait is begun that would outlast it. */
  readonly deadline?: Timestamp | null
  readonly clock: Clock
  readonly log: Pick<Log, 'debug' | 'info'>
  /** Is told of every exchange in one line; absent where nobody reads it. */
  readonly trace?: (line: string) => void
  /** Waits between tries; rejects when the signal fires. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** From 0 up to 1. */
  readonly random?: () => number
  readonly limits?: Partial<TransportLimits>
}

export interface TransportStats {
  /** Exchanges on the wire, redirects and retries included. */
  readonly requests: number
  readonly retries: number
  readonly redirects: number
  readonly connections: number
  /** Bytes of the bodies that were read. */
  readonly bytes: number
}

export interface Transport {
  readonly send: Send
  /** Closes every connection, so that the process can end at once; requests under way fail. */
  readonly dispose: () => void
  readonly stats: () => TransportStats
}

/** Opens the one way out to the network. An `input` error when `ca` is not a PEM bundle. */
export function createSend(options: TransportOptions): Transport {
  const limits: TransportLimits = { ...defaultLimits, ...options.limits }
  const stop = new AbortController()
  const onRunOver = () => stop.abort(new Interruption('RUN_OVER'))
  if (options.signal?.aborted === true) onRunOver()
  else options.signal?.addEventListener('abort', onRunOver, { once: true })
  const agents = createAgents({
    insecureOrigins: options.insecureOrigins,
    secureContext: options.ca === null ? null : trusting(parseCertificates(options.ca)),
    maxSockets: limits.maxSockets,
    tunnelTimeout: limits.whole,
  })
  const counts = { requests: 0, retries: 0, redirects: 0, bytes: 0 }
  const { userAgent, trace = null } = options
  const setting = { userAgent, limits, agents, stop: stop.signal, counts, trace }
  return {
    send: (request) => sendWithRetries(request, options, setting),
    dispose: () => {
      options.signal?.removeEventListener('abort', onRunOver)
      stop.abort(new Interruption('DISPOSED'))
      agents.dispose()
    },
    stats: () => ({ ...counts, connections: agents.opened() }),
  }
}

interface Setting extends AttemptSetting {
  readonly limits: TransportLimits
  readonly counts: AttemptSetting['counts'] & { retries: number }
}

const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE'])

/** Each try begins at the original URL: the one a redirect led to is signed, and expires. */
async function sendWithRetries(
  request: HttpRequest,
  options: TransportOptions,
  setting: Setting,
): Promise<HttpResponse> {
  const { clock, random = Math.random, deadline = null } = options
  for (let tries = 1; ; tries += 1) {
    const ended = await attempt(request, setting)
    if (ended.response !== null && isPullLimit(ended.response)) throw pullLimit(request, ended.response)
    if (ended.response !== null && wantsTls(ended.response)) throw tlsWanted(request, ended.response)
    const now = clock()
    const decision = decideRetry({
      outcome: outcomeOf(ended, setting),
      idempotent: request.idempotent ?? idempotentMethods.has(request.method),
      tries,
      maxTries: setting.limits.maxTries,
      longestWait: request.longestWait ?? Number.POSITIVE_INFINITY,
      now,
      remaining: deadline === null ? Number.POSITIVE_INFINITY : deadline - now,
      random: random(),
    })
    if (decision.kind === 'wait') {
      await waitForNextTry(request, ended, decision.milliseconds, options, setting)
      continue
    }
    if (decision.reason === 'budget' && decision.asked !== null)
      throw waitTooLong(request, ended, decision.asked)
    if (ended.response !== null) return ended.response
    throw explainFailure(ended.error, {
      request,
      url: ended.url,
      tries,
      proxy: setting.agents.proxyOf(ended.url),
    })
  }
}

function outcomeOf(ended: Attempt, { agents }: Setting): Outcome {
  if (ended.response === null) {
    return { code: codeOf(ended.error), reusedSocket: agents.brokeWhenReused(ended.error) }
  }
  return { status: ended.response.status, retryAfter: headerValue(ended.response, 'retry-after') }
}

/** Waits this long are worth a line in the log of the step. */
const noticeable = 5_000

async function waitForNextTry(
  request: HttpRequest,
  ended: Attempt,
  milliseconds: number,
  { log, sleep = defaultSleep }: TransportOptions,
  { agents, counts, stop }: Setting,
): Promise<void> {
  counts.retries += 1
  const why = ended.response === null ? codeOf(ended.error) : `HTTP ${ended.response.status}`
  const line = `${request.method} ${printableUrl(ended.url)}: ${why}, next try in ${milliseconds} ms`
  if (milliseconds < noticeable) log.debug(line)
  else log.info(line)
  if (milliseconds === 0) agents.dropIdle(ended.url)
  else await sleep(milliseconds, stop).catch(() => undefined)
  if (stop.aborted) throw explainFailure(stop.reason, { request, url: ended.url, tries: 1, proxy: null })
}

function defaultSleep(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return pause(milliseconds, undefined, { signal })
}

function waitTooLong(request: HttpRequest, { url, response }: Attempt, asked: number) {
  const what = `${url.host} asks to wait ${Math.ceil(asked / 1000)} s, longer than what is left of this run`
  return failure(
    'rate-limit',
    what,
    'Run again later, or raise max-duration',
    { request, url },
    response?.status ?? null,
  )
}

function pullLimit(request: HttpRequest, { url, status }: HttpResponse) {
  const advice =
    'Log in to Docker Hub (username and password, or docker/login-action) for a higher limit, or wait some hours'
  return failure('rate-limit', 'the pull limit of Docker Hub is reached', advice, { request, url }, status)
}

function tlsWanted(request: HttpRequest, { url, status }: HttpResponse) {
  const advice = `Choose that by registry: https://${url.host}, with ca-file for a private authority`
  return failure(
    'tls',
    `${url.host} speaks TLS, and was asked in plain HTTP`,
    advice,
    { request, url },
    status,
  )
}
