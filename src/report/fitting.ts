import type { Markdown } from './markdown.ts'

/** One way to say it, from the fullest to the shortest; drawn only when the ones before did not fit. */
export type Rung = () => Markdown

/**
 * The fullest rendering of at most `maxBytes` bytes of UTF-8. The last rung must be bounded by its construction:
 * it is what remains when nothing fits.
 */
export function fit(maxBytes: number, rungs: readonly [Rung, ...Rung[]]): Markdown {
  let text = rungs[0]()
  for (const rung of rungs.slice(1)) {
    if (Buffer.byteLength(text) <= maxBytes) return text
    text = rung()
  }
  return text
}
