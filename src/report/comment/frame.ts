import type { Units } from '../../domain/quantities/bytes.ts'
import { fit } from '../markdown/fitting.ts'
import type { Rung } from '../markdown/fitting.ts'
import { EMPTY, link, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { FORMULA, footerLine, unitWords } from '../summary-frame.ts'

/** GitHub refuses a comment of more than 65,536 characters; what is left is for the marker. */
const COMMENT_MAX_LENGTH = 60_000

/** The fullest rendering that a comment holds. */
export function fitComment(rungs: readonly [Rung, ...Rung[]]): Markdown {
  return fit(COMMENT_MAX_LENGTH, rungs, ({ length }) => length)
}

export interface CommentOptions {
  readonly units: Units
  /** the page of the workflow run, which shows the job summary; null outside a runner */
  readonly runUrl: string | null
  /** the commit that was measured; null where it is not known */
  readonly commit: string | null
  /** the job summary, where it is on another page than that of the run */
  readonly summaryUrl?: string | null
}

/**
 * The last line, which begins with `FOOTER_START`. All that differs between two runs with equal results
 * stands here, for whether a comment says something new is judged without it.
 */
export function commentFooter({ units, runUrl, commit, summaryUrl = null }: CommentOptions): Markdown {
  const parts = [
    FORMULA,
    summaryUrl === null ? EMPTY : link(prose`job summary`, summaryUrl),
    runUrl === null ? EMPTY : link(prose`run`, runUrl),
    // left bare, so that GitHub links it
    commit === null ? EMPTY : own(commit.slice(0, 7)),
    unitWords(units),
  ]
  return footerLine(parts)
}
