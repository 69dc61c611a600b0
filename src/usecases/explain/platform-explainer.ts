import { compareContents } from '../../domain/explain/compare.ts'
import { MOST_PATHS } from '../../domain/explain/explanation.ts'
import type { ExplainedLayer, SizeExplanation, UnreadLayer } from '../../domain/explain/explanation.ts'
import { foldChanges } from '../../domain/explain/fold.ts'
import type { FoldedChange } from '../../domain/explain/fold.ts'
import type { LayerPair } from '../../domain/explain/choose.ts'
import { wastedBytes } from '../../domain/explain/wasted.ts'
import type { WastedBytes } from '../../domain/explain/wasted.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { sumBytes } from '../../domain/quantities/bytes.ts'
import type { JudgedPlatform, Layer } from '../../domain/size/report.ts'
import { cutMiddle } from '../../domain/text.ts'
import type { LayerLook, PlacedLayer, WhyUnread } from './layer-look.ts'
import type { LayerSource } from './layer-sources.ts'

export interface PlatformParts {
  readonly platform: JudgedPlatform
  /** what explains its size, largest change first */
  readonly pairs: readonly LayerPair[]
  readonly source: LayerSource
  /** of the baseline; null where there is none, or no way to read it */
  readonly before: LayerSource | null
  /** every layer is to be looked into, for what the image wastes */
  readonly needsAll: boolean
  readonly look: LayerLook
}

/** Paths of one layer; the others are summed up. */
const MOST_OF_LAYER = 40
const PATH_LENGTH = 300

/** Puts together what explains one platform image, pair by pair. */
export class PlatformExplainer {
  isFinished = false
  readonly #parts: PlatformParts
  readonly #explained: ExplainedLayer[] = []
  readonly #unread: UnreadLayer[] = []
  readonly #digests: ReadonlySet<Digest>
  #paths = 0

  constructor(parts: PlatformParts) {
    this.#parts = parts
    this.#digests = new Set(this.layers)
  }

  get pairs(): readonly LayerPair[] {
    return this.#parts.pairs
  }

  /** in manifest order, without those that are empty by definition */
  get layers(): readonly Digest[] {
    return this.#layers().map(({ digest }) => digest)
  }

  async explain({ before, after, createdBy }: LayerPair): Promise<void> {
    const { look, source, before: baseline } = this.#parts
    const old = before === null ? null : placed(baseline, before.digest)
    const now = placed(source, after.digest)
    if (now === null) return
    const layers = old === null ? [now] : [old, now]
    // what the image wastes can be told of an image whose layers all were looked into, asked for or not
    const found = await look.into(layers, {
      keep: (digest) => this.#digests.has(digest) && this.#mayWaste(),
    })
    if (!isContents(found)) {
      const size = sumBytes(layers.map(({ blob }) => blob.size))
      this.#unread.push({ digest: after.digest, createdBy, size, ...found })
      return
    }
    const contents = found.at(-1)
    if (contents === undefined) return
    const changes = compareContents(old === null ? null : (found[0] ?? null), contents)
    const most = Math.min(MOST_OF_LAYER, MOST_PATHS - this.#paths)
    const folded = foldChanges(changes, most)
    this.#paths += folded.shown.length
    this.#explained.push({
      digest: after.digest,
      replaces: old === null ? null : (before?.digest ?? null),
      createdBy,
      files: changes.reduce((sum, { files = 1 }) => sum + files, 0),
      difference: changes.reduce((sum, { difference }) => sum + difference, 0),
      ...(changes.some(({ files }) => files !== undefined) ? { byFolder: true } : {}),
      changes: { ...folded, shown: folded.shown.map(shortened) },
    })
  }

  async finish(): Promise<SizeExplanation> {
    this.isFinished = true
    const wasted = this.#mayWaste() ? await this.#wasted() : null
    return { layers: this.#explained, unread: this.#unread, wasted }
  }

  #mayWaste(): boolean {
    const explained = new Set(this.#parts.pairs.map(({ after }) => after.digest))
    return this.#parts.needsAll || this.layers.every((digest) => explained.has(digest))
  }

  async #wasted(): Promise<WastedBytes | null> {
    const layers = this.#layers().map(({ digest }) => placed(this.#parts.source, digest))
    const known = layers.filter((layer) => layer !== null)
    if (known.length < layers.length) return null
    const found = await this.#parts.look.into(known, {
      keep: (digest) => this.#digests.has(digest),
      isWhole: true,
    })
    if (isContents(found)) {
      const wasted = wastedBytes(found)
      return { ...wasted, paths: wasted.paths.map(shortened) }
    }
    this.#sayUnread(found)
    return null
  }

  /** What is named already need not be named again. */
  #sayUnread(refusal: WhyUnread): void {
    if (this.#unread.some(({ cause }) => cause === refusal.cause)) return
    if (refusal.cause === 'paths') {
      const [largest] = this.#layers().toSorted((a, b) => b.size - a.size)
      if (largest !== undefined) this.#unread.push({ ...namedLayer(largest), ...refusal })
      return
    }
    const { look } = this.#parts
    const unread = this.#layers().filter(
      ({ digest, foreign }) =>
        (foreign || refusal.cause !== 'foreign') &&
        !look.isAtHand(digest) &&
        !this.#explained.some((layer) => layer.digest === digest),
    )
    // of a layer that cannot be read the reason is that of the first; those behind it were not tried
    const named = refusal.cause === 'unreadable' ? unread.slice(0, 1) : unread
    for (const layer of named) this.#unread.push({ ...namedLayer(layer), ...refusal })
  }

  #layers(): readonly Layer[] {
    return this.#parts.platform.layers.filter(({ throwaway }) => !throwaway)
  }
}

function namedLayer({ digest, createdBy, size }: Layer): Pick<Layer, 'digest' | 'createdBy' | 'size'> {
  return { digest, createdBy, size }
}

/** Whoever made the image chose its paths: what is told of them is one line that shows what is there. */
function shortened(change: FoldedChange): FoldedChange {
  return { ...change, path: cutMiddle(change.path, PATH_LENGTH) }
}

function placed(source: LayerSource | null, digest: Digest): PlacedLayer | null {
  const blob = source?.blobs.get(digest)
  return source === null || blob === undefined ? null : { store: source.store, blob }
}

function isContents<T>(found: readonly T[] | WhyUnread): found is readonly T[] {
  return Array.isArray(found)
}
