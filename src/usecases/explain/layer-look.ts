import { WardenError, shorten } from '../../domain/errors.ts'
import type { LayerContents } from '../../domain/explain/contents.ts'
import type { UnreadLayer } from '../../domain/explain/explanation.ts'
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

const REASON_LENGTH = 300

/**
 * Looks into layers, each once, as far as the budget goes; what was seen and is needed again stays at hand.
 */
export class LayerLook {
  readonly #read: ReadLayer
  readonly #budget: ReadingBudget
  readonly #shelf = new Shelf()
  readonly #broken = new Map<Digest, WhyUnread>()
  readonly #notices = new Set<string>()

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
   * @param keep which are needed once more
   */
  async into(
    layers: readonly PlacedLayer[],
    keep: (digest: Digest) => boolean,
  ): Promise<readonly LayerContents[] | WhyUnread> {
    const missing = new Map(
      layers.filter(({ blob }) => !this.isAtHand(blob.digest)).map((layer) => [layer.blob.digest, layer]),
    )
    if ([...missing.values()].some(({ blob }) => isForeignLayer(blob.mediaType))) return FOREIGN
    const remote = [...missing.values()].filter(({ store }) => !store.isLocal)
    const cost = remote.reduce((sum, { blob }) => sum + readingCost(blob), 0)
    if (!this.#budget.has(cost)) return OVER_BUDGET
    const contents: LayerContents[] = []
    for (const layer of layers) {
      const { digest } = layer.blob
      const found = this.#shelf.get(digest) ?? (await this.#look(layer))
      if ('cause' in found) return found
      if (keep(digest)) this.#shelf.put(digest, found)
      contents.push(found)
    }
    return contents
  }

  async #look({ store, blob }: PlacedLayer): Promise<LayerContents | WhyUnread> {
    const known = this.#broken.get(blob.digest)
    if (known !== undefined) return known
    try {
      const contents = await this.#read(store, blob, this.#budget)
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
const FOREIGN: WhyUnread = { cause: 'foreign', reason: null }
