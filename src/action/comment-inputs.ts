import { WardenError } from '../domain/errors.ts'
import { COMMENT_POLICIES } from '../domain/comment/decision.ts'
import { parseCommentKey } from '../domain/comment/marker.ts'
import type { InputReader } from './input-reader.ts'
import type { CommentSettings, ReportSettings } from './settings.ts'

/** Parses when and as which one the pull-request comment is written. */
export function parseComment(reader: InputReader): CommentSettings {
  return {
    policy: reader.choice('comment', COMMENT_POLICIES),
    key: parseCommentKey(reader.text('comment-key')),
  }
}

/** Parses what `mode: report` takes. */
export function parseReport(reader: InputReader): ReportSettings {
  const reportFile = reader.text('report-file')
  if (reportFile === '') {
    throw new WardenError('input', 'input report-file is empty', {
      advice: 'Name the file that mode: size wrote in the earlier job, as its artifact holds it',
    })
  }
  return { reportFile, comment: parseComment(reader) }
}
