import { describe, expect, it } from 'vitest'
import type { Comment } from '../../../src/domain/comment/comment.ts'
import { commentMarker, findOwn, parseCommentKey } from '../../../src/domain/comment/marker.ts'
import { answerOf, lineOf } from '../../support/refusal.ts'

const MARKER = commentMarker(parseCommentKey('default'))
const BOT = 'github-actions[bot]'

function comment(id: number, body: string, author: string | null = BOT): Comment {
  return { id, body, author, url: `https://github.test/${id}` }
}

describe('parseCommentKey', () => {
  it.each(['default', 'api', 'arm64.v8_2', '-', 'a'.repeat(64)])('takes %s', (key) => {
    expect(answerOf(() => parseCommentKey(key))).toBe(key)
  })

  it.each(['', 'a b', 'a>b', '--><b>', 'ä', 'a\n', 'a:b', 'a/b', 'a'.repeat(65)])('refuses %j', (key) => {
    expect(lineOf(() => parseCommentKey(key))).toMatch(/^input comment-key: .* is not accepted\. Write up to/)
  })
})

describe('findOwn', () => {
  const ids = (...comments: Comment[]): number[] => findOwn(comments, MARKER, BOT).map(({ id }) => id)

  it('finds ours by marker and author, the oldest first', () => {
    expect(ids(comment(9, `${MARKER}\nb`), comment(2, 'hello'), comment(4, `${MARKER}\r\na`))).toEqual([4, 9])
    expect(findOwn([comment(1, MARKER, 'Alice')], MARKER, 'alice')).toHaveLength(1)
  })

  it('takes nobody else’s, whatever marker they paste', () => {
    expect(ids(comment(1, `${MARKER}\na`, 'mallory'), comment(2, `${MARKER}\na`, null))).toEqual([])
    expect(ids(comment(3, `${MARKER}\na`, 'github-actions'))).toEqual([])
  })

  it('takes a marker only as the whole first line', () => {
    const quoted = [`> ${MARKER}`, `\n${MARKER}`, `hello\n${MARKER}`, `${MARKER} hello`, ` ${MARKER}`, '']
    expect(ids(...quoted.map((body, id) => comment(id, body)))).toEqual([])
  })

  it('keeps keys apart, also where one begins with the other', () => {
    const other = commentMarker(parseCommentKey('default-2'))
    expect(ids(comment(1, `${other}\na`))).toEqual([])
  })
})
