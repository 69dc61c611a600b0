import { contentsWeight } from '../../domain/explain/contents.ts'
import type { LayerContents } from '../../domain/explain/contents.ts'
import type { Digest } from '../../domain/names/digest.ts'

interface ShelvedContents {
  readonly contents: LayerContents
  readonly weight: number
}

/** Contents of layers that are needed once more. What does not fit is not kept. */
export class Shelf {
  readonly #kept = new Map<Digest, ShelvedContents>()
  readonly #room: number
  weight = 0

  /** @param room what the paths of all of them may weigh */
  constructor(room: number) {
    this.#room = room
  }

  get(digest: Digest): LayerContents | null {
    return this.#kept.get(digest)?.contents ?? null
  }

  weightOf(digest: Digest): number {
    return this.#kept.get(digest)?.weight ?? 0
  }

  put(digest: Digest, contents: LayerContents): void {
    const weight = contentsWeight(contents)
    if (this.#kept.has(digest) || this.weight + weight > this.#room) return
    this.#kept.set(digest, { contents, weight })
    this.weight += weight
  }

  keepOnly(digests: ReadonlySet<Digest>): void {
    for (const [digest, { weight }] of this.#kept) {
      if (digests.has(digest)) continue
      this.#kept.delete(digest)
      this.weight -= weight
    }
  }
}
