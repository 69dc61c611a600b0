import type { LayerContents } from '../../domain/explain/contents.ts'
import type { Digest } from '../../domain/names/digest.ts'

/** Paths over all layers that are kept at once: as many as fit some hundred megabytes. */
const MOST_KEPT = 1_000_000

/** Contents of layers that are needed once more. What does not fit is not kept. */
export class Shelf {
  readonly #kept = new Map<Digest, LayerContents>()
  #count = 0

  get(digest: Digest): LayerContents | null {
    return this.#kept.get(digest) ?? null
  }

  put(digest: Digest, contents: LayerContents): void {
    const { size } = contents.entries
    if (this.#kept.has(digest) || this.#count + size > MOST_KEPT) return
    this.#kept.set(digest, contents)
    this.#count += size
  }

  keepOnly(digests: ReadonlySet<Digest>): void {
    for (const [digest, { entries }] of this.#kept) {
      if (digests.has(digest)) continue
      this.#kept.delete(digest)
      this.#count -= entries.size
    }
  }
}
