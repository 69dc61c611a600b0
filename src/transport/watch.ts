/**
 * Why an exchange was given up: no byte came for too long, it took too long in all, the run is over,
 * `dispose` was called.
 */
export type InterruptionCode = 'STALLED' | 'OVERDUE' | 'RUN_OVER' | 'CANCELLED' | 'DISPOSED'

/** What an exchange ends with that this side gave up; its code is told to people and to the retry policy. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly code: InterruptionCode

  constructor(code: InterruptionCode) {
    super(code)
    this.code = code
  }
}

/**
 * Deadlines of one exchange: connecting, headers and body alike. An `AbortSignal` would do, and cost a tenth
 * of the request.
 */
export interface Watch {
  /** Why it was given up; null while it goes on. */
  readonly reason: () => unknown
  /**
   * Is called once when it is given up, at once where it was before; a later one takes the place of an
   * earlier.
   */
  readonly onInterrupt: (interrupt: (reason: unknown) => void) => void
  /** Something arrived: the idle time starts again. */
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

/** Starts the clocks of one exchange. */
export type StartWatch = () => Watch

/**
 * Watches exchanges; `stop` ends all of them from outside, its reason being an `Interruption`. It is listened
 * to once: a listener for each exchange would cost as much as its clocks.
 */
export function createWatches(limits: WatchLimits, stop: AbortSignal): StartWatch {
  const open = new Set<(why: unknown) => void>()
  stop.addEventListener(
    'abort',
    () => {
      for (const interrupt of open) interrupt(stop.reason)
    },
    { once: true },
  )
  return () => startWatch(limits, stop, open)
}

function startWatch(limits: WatchLimits, stop: AbortSignal, open: Set<(why: unknown) => void>): Watch {
  let reason: unknown = null
  let listener: ((reason: unknown) => void) | null = null
  const interrupt = (why: unknown) => {
    if (reason !== null) return
    reason = why
    listener?.(why)
  }
  const idle = setTimeout(() => interrupt(new Interruption('STALLED')), limits.idle)
  const whole = setTimeout(() => interrupt(new Interruption('OVERDUE')), limits.whole)
  if (stop.aborted) interrupt(stop.reason)
  else open.add(interrupt)
  return {
    reason: () => reason,
    onInterrupt: (next) => {
      listener = next
      if (reason !== null) next(reason)
    },
    beat: () => idle.refresh(),
    lift: () => clearTimeout(whole),
    end: () => {
      clearTimeout(idle)
      clearTimeout(whole)
      open.delete(interrupt)
    },
  }
}
