import { blocks, bullets, details, own, prose } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { plural } from './words.ts'

export interface ListFolding {
  /** lines that are seen at once */
  readonly open: number
  /** lines that are written at all; the others are counted */
  readonly written: number
  /** what one line is, in our own words: "breach" */
  readonly noun: string
}

/**
 * A list whose first lines are open, the next folded, the rest counted; a line is drawn only when it is
 * written.
 */
export function foldedList<Item>(
  items: readonly Item[],
  draw: (item: Item) => Markdown,
  { open, written, noun }: ListFolding,
): Markdown {
  const seen = items.slice(0, Math.min(open, written))
  const folded = items.slice(seen.length, written)
  const left = items.length - seen.length - folded.length
  const rest = left > 0 ? [prose`… and ${own(plural(left, `more ${noun}`))}`] : []
  if (folded.length === 0) return bullets([...seen.map((item) => draw(item)), ...rest])
  return blocks(
    bullets(seen.map((item) => draw(item))),
    details(
      own(plural(items.length - seen.length, `more ${noun}`)),
      bullets([...folded.map((item) => draw(item)), ...rest]),
    ),
  )
}
