import { describe, expect, it } from 'vitest'
import { logLine } from '../../src/action/runner.ts'

describe('logLine', () => {
  it.each([
    ['plain text', 'plain text'],
    ['a :: b', 'a :: b'],
    ['::add-mask::a', ':\u200B:add-mask::a'],
    ['   ::error::x', '   :\u200B:error::x'],
    ['\t::error::x', ':\u200B:error::x'],
    ['tag ##[set-env name=PATH]x', 'tag ##\u200B[set-env name=PATH]x'],
    ['two\r\nlines\u2028here', 'two lines here'],
    ['right\u202Eleft', 'right left'],
  ])('%j becomes %j', (text, line) => {
    expect(logLine(text)).toBe(line)
  })

  it('is bounded, whatever a registry says', () => {
    expect(logLine('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(2_000)
  })
})
