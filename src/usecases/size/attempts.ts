import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { Clock, Log } from '../../domain/ports.ts'
import type { Findings } from '../../domain/size/judge.ts'
import { suggestTags } from './targets.ts'
import type { ImageTarget } from './targets.ts'

/** What work over many images needs of its run. */
export interface AttemptDeps {
  readonly log: Log
  /** targets worked on at the same time; requests in flight are bounded by the transport */
  readonly concurrency: number
  /** true once `max-duration` has passed: requests then end with errors of kind `deadline` */
  readonly timeIsUp: () => boolean
  readonly now: Clock
}

/** Long work says how far it is about this often. */
const PROGRESS_EVERY_MS = 5_000

/**
 * Errors that concern one image. Any other (credentials, network, rate limit) would meet every image: the run
 * ends.
 */
const ABOUT_ONE_IMAGE: ReadonlySet<ErrorKind> = new Set([
  'not-found',
  'not-found-repository',
  'integrity',
  'protocol',
])

const ABOUT_ONE_REPOSITORY: ReadonlySet<ErrorKind> = new Set(['unauthorized', 'denied', 'server'])

const MOST_SERVER_ERRORS = 5

/** Works through targets and remembers what could not be measured, and why, instead of losing it. */
export class Attempts {
  readonly #deps: AttemptDeps
  readonly #notices = new Set<string>()
  readonly #unmeasured: string[] = []
  #partial = false
  #broken = false
  #serverErrors = 0
  /** the first reason why something is unmeasured: the error to end with when nothing was measured at all */
  firstError: WardenError | null = null

  constructor(deps: AttemptDeps) {
    this.#deps = deps
  }

  findings(): Findings {
    return {
      notices: [...this.#notices],
      unmeasured: this.#unmeasured,
      partial: this.#partial,
      broken: this.#broken,
    }
  }

  /** Says it once, however many images it is true of. */
  notice(text: string): void {
    this.#notices.add(text)
  }

  /** Whether this error means that `max-duration` has passed; the run is partial then. */
  ranOut(error: WardenError): boolean {
    if (error.kind !== 'deadline' || !this.#deps.timeIsUp()) return false
    this.#partial = true
    return true
  }

  /** A part of the target that its own manifest promises is not there. */
  lacks(target: ImageTarget, reason: string): void {
    this.#broken = true
    this.#unmeasured.push(`${target.name}: ${reason}`)
    this.firstError ??= new WardenError('not-found', `${target.name}: ${reason}`)
  }

  /**
   * A repository that a catalog names cannot be listed; no login for one of many is not the end of the run.
   */
  lost(repository: string, error: WardenError): void {
    if (this.ranOut(error)) {
      this.#unmeasured.push(`${repository}: max-duration passed before it was listed`)
    } else if (ABOUT_ONE_IMAGE.has(error.kind) || ABOUT_ONE_REPOSITORY.has(error.kind)) {
      this.#broken = true
      this.#unmeasured.push(`${repository}: ${error.line}`)
    } else throw error
    this.firstError ??= error
  }

  /**
   * Results of `work` in the order of `items`, without those that failed; `done` names the work in the
   * progress line. A listed tag may be gone before it is `read`; what is missing once it was, is missing from
   * the image.
   */
  async each<T extends { readonly target: ImageTarget }, R extends object>(
    done: 'read' | 'measured',
    items: readonly T[],
    work: (item: T) => Promise<R>,
  ): Promise<R[]> {
    const progress = this.#progress(done, items.length)
    const one = async (item: T): Promise<R | null> => {
      const result = await this.#attempt(item.target, done === 'read', () => work(item))
      progress()
      return result
    }
    const results = await pMap(items, one, { concurrency: this.#deps.concurrency })
    return results.filter((result) => result !== null)
  }

  #progress(done: string, total: number): () => void {
    const { log, now } = this.#deps
    let count = 0
    let said = now()
    return () => {
      count += 1
      if (count === total || now() - said < PROGRESS_EVERY_MS) return
      said = now()
      log.info(`${count} of ${total} images ${done}`)
    }
  }

  async #attempt<R>(target: ImageTarget, mayBeGone: boolean, work: () => Promise<R>): Promise<R | null> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      await this.#remember(target, mayBeGone, error)
      return null
    }
  }

  /**
   * A tag that a registry lists and always answers with a fault of its own, such as a link that is empty on
   * its disk. More than a few mean that the registry is down: the run ends.
   */
  #isBrokenTag({ listed }: ImageTarget, { kind }: WardenError): boolean {
    if (kind !== 'server' || !listed) return false
    this.#serverErrors += 1
    return this.#serverErrors <= MOST_SERVER_ERRORS
  }

  async #remember(target: ImageTarget, mayBeGone: boolean, error: WardenError): Promise<void> {
    if (this.ranOut(error)) {
      this.#unmeasured.push(`${target.name}: max-duration passed before it was read`)
      this.firstError ??= error
    } else if (error.kind === 'not-found' && target.listed && mayBeGone) {
      this.#notices.add(
        `${target.name} is listed, but the registry does not have it (deleted meanwhile, or a dangling tag)`,
      )
    } else if (ABOUT_ONE_IMAGE.has(error.kind) || this.#isBrokenTag(target, error)) {
      this.#broken = true
      const told = await suggestTags(target, error)
      this.#unmeasured.push(`${target.name}: ${told.line}`)
      this.firstError ??= told
    } else {
      throw error
    }
  }
}
