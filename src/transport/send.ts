import type { LookupAddress } from 'node:dns'
import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from '../domain/environment.ts'
import type { Clock, Log } from '../domain/ports.ts'
import type { Concurrency } from '../domain/quantities/concurrency.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { createAgents } from './agents.ts'
import { type Attempt, attempt, type AttemptSetting } from './attempt.ts'
import { createClockLead } from './clock-lead.ts'
import { codeOf, explainFailure, failure } from './failures.ts'
import { printableUrl } from './origin.ts'
import { isPullLimit, pullLimitReached } from './pull-limit.ts'
import { decideRetry, waitBefore } from './retry.ts'
import type { Outcome, RetryDecision, RetryQuestion } from './retry.ts'
import { parseCertificates, trusting } from './trust.ts'
import type { HttpRequest, HttpResponse, Repeat, Send } from './types.ts'
import { tlsWanted, wantsTls } from './wants-tls.ts'
import { createWatches, Interruption } from './watch.ts'

/** Times in milliseconds. */
export interface TransportLimits {
  readonly maxRedirects: number
  readonly maxTries: number
  /** An exchange without a byte for so long is given up; also the longest wait for the headers. */
  readonly idle: number
  /** From connecting to the last byte of one exchange. */
  readonly whole: number
}

const defaultLimits: TransportLimits = {
  maxRedirects: 5,
  maxTries: 5,
  idle: 30_000,
  whole: 120_000,
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
  /** Names the proxies, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
  readonly env: Environment
  /** Requests in flight per origin; default `auto`. */
  readonly concurrency?: Concurrency
  readonly clock: Clock
  readonly log: Pick<Log, 'debug' | 'info'>
  /** Is told of every exchange in one line; absent where nobody reads it. */
  readonly trace?: (line: string) => void
  /** Waits between tries; rejects when the signal fires. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** Resolves a name to its addresses; default: as Node does. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>
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
  /** Milliseconds by which this machine's clock is ahead of every server that answered; 0 where it is not. */
  readonly clockLead: () => number
}

/** Opens the one way out to the network. An `input` error when `ca` is not a PEM bundle. */
export function createSend(options: TransportOptions): Transport {
  const limits: TransportLimits = { ...defaultLimits, ...options.limits }
  const stop = new AbortController()
  const onRunOver = () =>
    stop.abort(new Interruption(options.signal?.reason === 'cancelled' ? 'CANCELLED' : 'RUN_OVER'))
  if (options.signal?.aborted === true) onRunOver()
  else options.signal?.addEventListener('abort', onRunOver, { once: true })
  const agents = createAgents({
    insecureOrigins: options.insecureOrigins,
    secureContext: options.ca === null ? null : trusting(parseCertificates(options.ca)),
    concurrency: options.concurrency ?? 'auto',
    env: options.env,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    tunnelTimeout: limits.whole,
  })
  const counts = { requests: 0, retries: 0, redirects: 0, bytes: 0 }
  const { userAgent, clock, trace = null } = options
  const clockLead = createClockLead(clock)
  const setting: Setting = {
    userAgent,
    clock,
    clockLead,
    maxRedirects: limits.maxRedirects,
    maxTries: limits.maxTries,
    agents,
    stop: stop.signal,
    startWatch: createWatches(limits, stop.signal),
    counts,
    trace,
  }
  return {
    send: (request) => sendWithRetries(request, options, setting),
    dispose: () => {
      options.signal?.removeEventListener('abort', onRunOver)
      stop.abort(new Interruption('DISPOSED'))
      agents.dispose()
    },
    stats: () => ({ ...counts, connections: agents.opened() }),
    clockLead: clockLead.read,
  }
}

interface Setting extends AttemptSetting {
  readonly maxTries: number
  readonly counts: AttemptSetting['counts'] & { retries: number }
}

/** What a method's meaning allows; a DELETE rests on what was looked at before it. */
const repeatByMethod: Readonly<Record<HttpRequest['method'], Repeat>> = {
  GET: 'always',
  HEAD: 'always',
  POST: 'when-refused',
  PUT: 'never',
  PATCH: 'never',
  DELETE: 'never',
}

/** Refusals by a limit do not count as tries while others get through; but never more than these. */
const mostRefusals = 100

/** Each try begins at the original URL: the one a redirect led to is signed, and expires. */
async function sendWithRetries(
  request: HttpRequest,
  options: TransportOptions,
  setting: Setting,
): Promise<HttpResponse> {
  const repeat = request.repeat ?? repeatByMethod[request.method]
  for (let tries = 1, refusals = 0; ;) {
    const { gate } = setting.agents.of(request.url)
    const servedBefore = gate.served()
    const ended = await attempt(request, setting, refusals > 0)
    if (ended.response !== null && isPullLimit(ended.response))
      throw pullLimitReached(request, ended.response)
    if (ended.response !== null && wantsTls(ended.response)) throw tlsWanted(request, ended.response)
    const decision = decide(request, ended, { repeat, tries }, options, setting)
    if (decision.kind === 'stop') {
      if (decision.reason === 'final' || decision.reason === 'tries')
        pauseHost(ended, tries, options, setting)
      return conclude(request, ended, decision, tries, setting)
    }
    const isRefused = ended.response !== null && ended.limit !== null
    if (isRefused) refusals += 1
    if (!isRefused || gate.served() === servedBefore || refusals > mostRefusals) tries += 1
    await waitForNextTry(request, ended, decision.milliseconds, options, setting)
  }
}

function decide(
  request: HttpRequest,
  ended: Attempt,
  { repeat, tries }: Pick<RetryQuestion, 'repeat' | 'tries'>,
  { clock, random = Math.random, deadline = null }: TransportOptions,
  setting: Setting,
): RetryDecision {
  return decideRetry({
    outcome: outcomeOf(ended, setting),
    repeat,
    tries,
    maxTries: setting.maxTries,
    longestWait: request.longestWait ?? null,
    remaining: deadline === null ? Number.POSITIVE_INFINITY : deadline - clock(),
    random: random(),
  })
}

/** What the caller gets when there is no further try. */
function conclude(
  request: HttpRequest,
  ended: Attempt,
  decision: Extract<RetryDecision, { kind: 'stop' }>,
  tries: number,
  { agents }: Setting,
): HttpResponse {
  if ((decision.reason === 'budget' || decision.reason === 'patience') && decision.asked !== null)
    throw waitTooLong(request, ended, decision.asked, decision.reason)
  if (ended.response !== null) return ended.response
  throw explainFailure(ended.error, { request, url: ended.url, tries, proxy: agents.proxyOf(ended.url) })
}

/**
 * A limit is the host's, whoever met it: what is not sent again itself makes the others wait, too. Longer
 * pauses than a minute are left to whoever asks next.
 */
function pauseHost(
  ended: Attempt,
  tries: number,
  { random = Math.random, sleep = defaultSleep }: TransportOptions,
  { agents, stop }: Setting,
): void {
  if (ended.response === null || ended.limit === null || stop.aborted) return
  const wait = waitBefore(tries, ended.limit.asked, random())
  if (wait <= longestPause) agents.of(ended.url).gate.pause(sleep(wait, stop))
}

const longestPause = 60_000

function outcomeOf(ended: Attempt, { agents }: Setting): Outcome {
  if (ended.response === null) {
    return { code: codeOf(ended.error), reusedSocket: agents.brokeWhenReused(ended.error) }
  }
  return { status: ended.response.status, limit: ended.limit }
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
  else {
    const waiting = sleep(milliseconds, stop).catch(() => undefined)
    if (ended.response !== null && ended.limit !== null) agents.of(ended.url).gate.pause(waiting)
    await waiting
  }
  if (stop.aborted) throw explainFailure(stop.reason, { request, url: ended.url, tries: 1, proxy: null })
}

function defaultSleep(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return pause(milliseconds, undefined, { signal })
}

function waitTooLong(
  request: HttpRequest,
  { url, response }: Attempt,
  asked: number,
  reason: 'budget' | 'patience',
) {
  const [than, advice] =
    reason === 'budget'
      ? ['longer than what is left of this run', 'Run again later, or raise max-duration']
      : ['too long to wait for', 'Run again later']
  const what = `${url.host} asks to wait ${Math.ceil(asked / 1000)} s, ${than}`
  return failure('rate-limit', what, advice, { request, url }, response?.status ?? null)
}
