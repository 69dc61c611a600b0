import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { visibleWidth, wrapped } from '../../../scripts/demo/lines.ts'
import { renderForTerminal } from '../../../scripts/demo/terminal.ts'

function shown(markdown: string, opens?: RegExp): string {
  return stripVTControlCharacters(renderForTerminal(markdown, 30, opens))
}

describe('renderForTerminal', () => {
  it.each([
    ['a heading', '### 📦 **Size** of `a`', '📦 Size of a'],
    ['emphasis, links, entities and escapes', '*a* [b](https://x) &lt;c&gt; \\*d\\*', 'a b <c> *d*'],
    ['numeric entities', 'go&#58;\u200B 52%&nbsp;off', 'go: 52%\u00A0off'],
    ['stars inside code', 'rule `* = 1` and ``a`b``', 'rule * = 1 and a`b'],
    ['code inside emphasis', '**3 tags of `a/b` stay:** all', '3 tags of a/b stay: all'],
    ['long lines', 'one two three four five six seven', 'one two three four five six\nseven'],
    ['small print', '<sub>MiB = 1024²</sub>', 'MiB = 1024²'],
    ['lists', '- a\n- b\n\nc', '• a\n• b\n\nc'],
    ['long items', '- one two three four five six seven', '• one two three four five six\n  seven'],
    ['no marker of a comment', '<!-- registry-warden:size:default -->\n### a', 'a'],
    [
      'tables',
      '| Name | Size |\n| :--- | ---: |\n| ✅ a\\|b | 7 |\n| c | 1,024 |',
      'Name      Size\n──────────────\n✅ a|b       7\nc        1,024',
    ],
    [
      'tables too wide for the terminal',
      '| Tag | Size | Why |\n| :--- | ---: | :--- |\n| pr-1 | 5.0\u00A0MiB | older than 14 days |\n| b | 0 | c |',
      'Tag      Size  Why\n' +
        '──────────────────────────────\n' +
        'pr-1  5.0\u00A0MiB  older than 14\n' +
        '               days\n' +
        'b           0  c',
    ],
    [
      'bar charts',
      '```mermaid\nxychart-beta\n  x-axis ["1", "22"]\n  y-axis "MiB" 0 --> 9\n  bar [2, 4]\n  line [3, 3]\n```',
      ' 1  ███████ 2.0 of 3 MiB\n22  █████████████ 4.0 of 3 MiB',
    ],
    ['other diagrams as text', '```mermaid\npie\n```', 'pie'],
    ['code', '```yaml\ndry-run: false\n```', '  dry-run: false'],
  ])('shows %s', (_, markdown, expected) => {
    expect(shown(markdown)).toBe(expected)
  })

  it('opens the folds that it is told to open', () => {
    const fold = (name: string, inside = `in ${name}`) =>
      `<details>\n<summary>${name}</summary>\n\n${inside}\n\n</details>`
    const markdown = `${fold('All', `${fold('One')}\n${fold('Two')}`)}\n\n${fold('Rest')}\n\nend`
    expect(shown(markdown)).toBe('▸ All\n▸ Rest\n\nend')
    expect(shown(markdown, /All|Two/)).toBe('▾ All\n  ▸ One\n\n  ▾ Two\n    in Two\n\n▸ Rest\n\nend')
    expect(shown(markdown, /Two/)).toBe('▸ All\n▸ Rest\n\nend')
  })
})

describe('visibleWidth', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['✅', 2],
    ['🗑️', 2],
    ['♻️', 2],
    ['▸ ─ █ ↔ ✔ ©', 11],
    ['日本', 4],
    ['한국', 4],
    ['👩‍👩‍👧', 2],
    ['\u001B[31mred\u001B[39m', 3],
  ])('of %j is %i', (text, expected) => {
    expect(visibleWidth(text)).toBe(expected)
  })
})

describe('wrapped', () => {
  it.each([
    ['a word that is too long', 'ab cdefgh', ['ab', 'cdef', 'gh']],
    ['wide characters', '日本語', ['日本', '語']],
    ['nothing', '', ['']],
  ])('breaks %s', (_, text, expected) => {
    expect(wrapped(text, 4)).toEqual(expected)
  })

  it('leaves no colour open at the end of a line', () => {
    const [first] = renderForTerminal('`one two three four five six seven eight`', 12).split('\n')
    expect(first).toContain('one two')
    expect(first).not.toContain('four')
  })
})
