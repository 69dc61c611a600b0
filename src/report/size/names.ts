import { EMPTY, code, join, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { shortCommits } from '../markdown/words.ts'

/** More names than this are counted: docker/metadata-action gives an image four or five. */
const MOST_NAMES = 5

/** The names of one image, each as code. */
export function nameList(names: readonly string[]): Markdown {
  const left = names.length - MOST_NAMES
  const more = left > 0 ? prose` and ${left} more` : EMPTY
  return prose`${join(
    names.slice(0, MOST_NAMES).map((name) => code(shortCommits(name))),
    prose`, `,
  )}${more}`
}
