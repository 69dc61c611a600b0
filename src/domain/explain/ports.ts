import type { Descriptor } from '../manifest/manifest.ts'
import type { LayerContents } from './contents.ts'

/** A layer as its manifest names it. */
export type LayerBlob = Pick<Descriptor, 'digest' | 'size' | 'mediaType' | 'annotations'>

/** From `start` up to and without `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Where the layers of an image are. */
export interface LayerStore {
  /** on this machine, where reading takes nothing off `explain-budget` */
  readonly isLocal: boolean
  /** sizes are those of the bytes that are there; else, as in a docker-archive, they are estimates */
  readonly isExact: boolean
  /**
   * The bytes of a blob, or a range of them, not verified. Chunks are good until the next one is asked for.
   * Fails with a WardenError, `unsupported` where ranges are not offered.
   */
  readonly open: (blob: LayerBlob, range: ByteRange | null) => AsyncIterable<Buffer>
}

/** Compressed bytes that may still be read from registries. */
export class ReadingBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  has(bytes: number): boolean {
    return bytes <= this.#left
  }

  /** Takes so many bytes off it, if there are as many. */
  take(bytes: number): boolean {
    if (!this.has(bytes)) return false
    this.#left -= bytes
    return true
  }
}

/**
 * What the paths of an image may weigh that are kept at once, in bytes or so: some hundred thousand. With them
 * a run takes about 150 MB more than without.
 */
export const MOST_PATH_WEIGHT = 16 * 1024 * 1024

/**
 * Looks into a layer; `over-budget` when that takes more than is left, which then is left as it was. Files
 * that are too many for `room` ({@link MOST_PATH_WEIGHT}) are summed up by folder.
 * @throws WardenError when the layer cannot be read, or is not what its digest says
 */
export type ReadLayer = (
  store: LayerStore,
  blob: LayerBlob,
  budget: ReadingBudget,
  room: number,
) => Promise<LayerContents | 'over-budget'>
