import { WardenError, shorten } from '../../domain/errors.ts'
import { contentsWeight } from '../../domain/explain/contents.ts'
import type { LayerContents } from '../../domain/explain/contents.ts'
import type { UnreadLayer } from '../../domain/explain/explanation.ts'
import { MOST_PATH_WEIGHT } from '../../domain/explain/ports.ts'
import type { LayerBlob, LayerStore, ReadLayer, ReadingBudget } from '../../domain/explain/ports.ts'
import { readingCost } from '../../domain/explain/table-of-contents.ts'
import { isForeignLayer } from '../../domain/manifest/media-type.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { Shelf } from './shelf.ts'

/** Why a layer stays unread. */
export type WhyUnread = Pick<UnreadLayer, 'cause' | 'reason'>

/** A layer and where it is. */
export interface PlacedLayer {
  readonly store: LayerStore
  readonly blob: LayerBlob
}

export interface LookOptions {
  /** which are needed once more */
  readonly keep: (digest: Digest) => boolean
  /** they are of use only together, and file by file */
  readonly isWhole?: boolean
}

const REASON_LENGTH = 300

/**
 * Looks into layers, each once, as far as the budget goes; what was seen and is needed again stays at hand.
 */
export class LayerLook {
  readonly #read: ReadLayer
  readonly #budget: ReadingBudget
  readonly #shelf = new Shelf(MOST_PATH_WEIGHT)
  readonly #broken = new Map<Digest, WhyUnread>()
  readonly #notices = new Set<string>()
  /** layers with more files than there was room for, and what they weigh at least */
  readonly #crowded = new Map<Digest, number>()

  constructor(read: ReadLayer, budget: ReadingBudget) {
    this.#read = read
    this.#budget = budget
  }

  get notices(): readonly string[] {
    return [...this.#notices]
  }

  isAtHand(digest: Digest): boolean {
    return this.#shelf.get(digest) !== null
  }

  /** Keeps nothing but these. */
  forget(needed: readonly Digest[]): void {
    this.#shelf.keepOnly(new Set(needed))
  }

  /**
   * The contents of all of these, in their order, or why they cannot be had: nothing is read of them unless
   * all of them fit the budget.
   */
  async into(
    layers: readonly PlacedLayer[],
    { keep, isWhole = false }: LookOptions,
  ): Promise<readonly LayerContents[] | WhyUnread> {
    const missing = new Map(
      layers.filter(({ blob }) => !this.isAtHand(blob.digest)).map((layer) => [layer.blob.digest, layer]),
    )
    if ([...missing.values()].some(({ blob }) => isForeignLayer(blob.mediaType))) return FOREIGN
    const remote = [...missing.values()].filter(({ store }) => !store.isLocal)
    const cost = remote.reduce((sum, { blob }) => sum + readingCost(blob), 0)
    if (!this.#budget.has(cost)) return OVER_BUDGET
    if (isWhole && this.#isTooMuch(layers)) return TOO_MANY_PATHS
    const contents: LayerContents[] = []
    let held = 0
    for (const layer of layers) {
      const { digest } = layer.blob
      const room = this.#roomBeside(held, isWhole)
      const found = this.#shelf.get(digest) ?? (await this.#look(layer, room))
      if ('cause' in found) return found
      if (found.depth !== null) this.#crowded.set(digest, room)
      else if (keep(digest)) this.#shelf.put(digest, found)
      held += contentsWeight(found)
      if (isWhole && (found.depth !== null || held > MOST_PATH_WEIGHT)) return TOO_MANY_PATHS
      contents.push(found)
    }
    return contents
  }

  #isTooMuch(layers: readonly PlacedLayer[]): boolean {
    const known = new Set(layers.map(({ blob }) => blob.digest))
    const weights = [...known].map((digest) => this.#crowded.get(digest) ?? this.#shelf.weightOf(digest))
    return weights.reduce((sum, weight) => sum + weight, 0) > MOST_PATH_WEIGHT
  }

  /**
   * A layer on its own always has a share: that its folders are told is better than nothing. Where one was too
   * large, its neighbours are, too, and what is told of them needs no more.
   */
  #roomBeside(held: number, isWhole: boolean): number {
    if (isWhole) return MOST_PATH_WEIGHT - held
    const left = this.#crowded.size > 0 ? 0 : MOST_PATH_WEIGHT - held - this.#shelf.weight
    return Math.max(left, MOST_PATH_WEIGHT / 8)
  }

  async #look({ store, blob }: PlacedLayer, room: number): Promise<LayerContents | WhyUnread> {
    const known = this.#broken.get(blob.digest)
    if (known !== undefined) return known
    try {
      const contents = await this.#read(store, blob, this.#budget, room)
      return contents === 'over-budget' ? OVER_BUDGET : contents
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      const reason = shorten(error.line, REASON_LENGTH)
      const refusal: WhyUnread = { cause: 'unreadable', reason }
      this.#broken.set(blob.digest, refusal)
      this.#notices.add(`the files of layer ${shortDigest(blob.digest)} are unknown: ${reason}`)
      return refusal
    }
  }
}

const OVER_BUDGET: WhyUnread = { cause: 'budget', reason: null }
const TOO_MANY_PATHS: WhyUnread = { cause: 'paths', reason: null }
const FOREIGN: WhyUnread = { cause: 'foreign', reason: null }
