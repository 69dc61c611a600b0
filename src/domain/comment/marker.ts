import { inputError } from '../errors.ts'
import type { Comment } from './comment.ts'

/** The name that tells the comments of one pull request apart; letters, digits, `.`, `_` and `-` only. */
export type CommentKey = string & { readonly __brand: 'CommentKey' }

/** Whatever could end an HTML comment is not in it, so that a key cannot write into the comment. */
const KEY = /^[A-Za-z0-9._-]{1,64}$/

/**
 * Parses `comment-key`.
 * @throws WardenError of kind `input`: two keys that were made harmless could become the same
 */
export function parseCommentKey(text: string, input = 'comment-key'): CommentKey {
  if (!isCommentKey(text)) throw inputError(input, text, 'Write up to 64 of: A-Z a-z 0-9 . _ -')
  return text
}

function isCommentKey(text: string): text is CommentKey {
  return KEY.test(text)
}

/** The first line of our comment, which GitHub does not show. */
export function commentMarker(key: CommentKey): string {
  return `<!-- registry-warden:size:${key} -->`
}

/**
 * Our own comments, oldest first. Anybody can paste a marker and GitHub lets many edit comments, so the
 * marker counts only as the first line, and only by the author that we are.
 */
export function findOwn(comments: readonly Comment[], marker: string, author: string): Comment[] {
  return comments
    .filter(
      (comment) =>
        comment.author?.toLowerCase() === author.toLowerCase() && firstLine(comment.body) === marker,
    )
    .toSorted((a, b) => a.id - b.id)
}

function firstLine(body: string): string {
  return (body.split('\n', 1)[0] ?? '').trimEnd()
}
