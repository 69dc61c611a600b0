/** Named files of an image, in a folder or an archive. Errors are `WardenError`s. */
export interface FileStore {
  /** the whole file; null when there is none, an error above `most` bytes */
  readonly read: (name: string, most: number) => Promise<Buffer | null>
  /** its length, without reading it; null when there is none */
  readonly size: (name: string) => Promise<number | null>
  /**
   * its bytes from front to back, each chunk good until the next one is asked for; fails when there is none
   */
  readonly stream: (name: string) => AsyncIterable<Buffer>
}
