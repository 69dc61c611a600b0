/**
 * Why an exchange was given up: no byte came for too long, it took too long in all, the run is over,
 * `dispose` was called.
 */
export type InterruptionCode = 'STALLED' | 'OVERDUE' | 'RUN_OVER' | 'DISPOSED'

export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly code: InterruptionCode

  constructor(code: InterruptionCode) {
    super(code)
    this.code = code
  }
}

/** Deadlines of one exchange. The signal covers connecting, headers and body alike. */
export interface Watch {
  readonly signal: AbortSignal
  /** Something arrived: the idle time starts anew. */
  readonly beat: () => void
  /** A body may take as long as it takes, as long as it keeps arriving. */
  readonly lift: () => void
  readonly end: () => void
}

/** Milliseconds without a byte, and in all. */
export interface WatchLimits {
  readonly idle: number
  readonly whole: number
}

/** Starts the clocks of one exchange; `stop` ends it from outside, its reason being an `Interruption`. */
export function startWatch(limits: WatchLimits, stop: AbortSignal): Watch {
  const controller = new AbortController()
  const interrupt = (code: InterruptionCode) => () => controller.abort(new Interruption(code))
  const idle = setTimeout(interrupt('STALLED'), limits.idle)
  const whole = setTimeout(interrupt('OVERDUE'), limits.whole)
  const onStop = () => controller.abort(stop.reason)
  if (stop.aborted) onStop()
  else stop.addEventListener('abort', onStop, { once: true })
  return {
    signal: controller.signal,
    beat: () => idle.refresh(),
    lift: () => clearTimeout(whole),
    end: () => {
      clearTimeout(idle)
      clearTimeout(whole)
      stop.removeEventListener('abort', onStop)
    },
  }
}
