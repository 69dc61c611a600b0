import type { Markdown } from './markdown.ts'

/** One way to say it, from the fullest to the shortest; drawn only when the ones before did not fit. */
export type Rung = () => Markdown

/** In what a place measures the text it takes. */
type Measure = (text: string) => number

/**
 * The fullest rendering of at most `most` bytes of UTF-8, or of what else `measure` counts. The last rung
 * must be bounded by its construction: it is what remains when nothing fits.
 */
export function fit(
  most: number,
  rungs: readonly [Rung, ...Rung[]],
  measure: Measure = (text) => Buffer.byteLength(text),
): Markdown {
  let text = rungs[0]()
  for (const rung of rungs.slice(1)) {
    if (measure(text) <= most) return text
    text = rung()
  }
  return text
}
