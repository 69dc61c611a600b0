import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderForTerminal } from '../../scripts/demo/terminal.ts'

const run = promisify(execFile)

describe('npm run demo', () => {
  it('ends well and shows a pass, a breach and all tags', async () => {
    const demo = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url))
    // the demo itself compares every number with what it pushed, and ends with an error when one differs
    const { stdout, stderr } = await run(process.execPath, [demo], { env: { ...process.env, NO_COLOR: '1' } })
    expect(stderr).toBe('')
    expect(stdout).toContain('Image size: ✅ within limit')
    expect(stdout).toMatch(/^✅\spass .*33\.9\sMiB/m)
    expect(stdout).toContain('Image size: ❌ 1 of 2 over limit')
    expect(stdout).toMatch(/^latest {2}█+ 42\.3 MiB$/m)
  })
})

describe('renderForTerminal', () => {
  const fold = (name: string) => `<details>\n<summary>${name}</summary>\n\nin ${name}\n\n</details>`
  const shown = (markdown: string) => stripVTControlCharacters(renderForTerminal(markdown, 30))

  it.each([
    ['a heading', '### 📦 **Size** of `a`', '📦 Size of a'],
    ['emphasis, links, entities and escapes', '*a* [b](https://x) &lt;c&gt; \\*d\\*', 'a b <c> *d*'],
    ['stars inside code', 'rule `* = 1` and ``a`b``', 'rule * = 1 and a`b'],
    ['long lines', 'one two three four five six seven', 'one two three four five six\nseven'],
    ['small print', '<sub>MiB = 1024²</sub>', 'MiB = 1024²'],
    ['lists', '- a\n- b\n\nc', '• a\n• b\n\nc'],
    [
      'tables',
      '| Name | Size |\n| :--- | ---: |\n| ✅ a\\|b | 7 |\n| c | 1,024 |',
      'Name      Size\n──────────────\n✅ a|b       7\nc        1,024',
    ],
    [
      'folds, of several inside another only the first',
      `<details><summary>All</summary>\n\n${['One', 'Two'].map(fold).join('\n')}\n\n</details>\n\nend`,
      '▾ All\n  ▾ One\n    in One\n\n  ▸ Two\n\nend',
    ],
    [
      'bar charts',
      '```mermaid\nxychart-beta\n  x-axis ["1", "22"]\n  y-axis "MiB" 0 --> 9\n  bar [2, 4]\n  line [3, 3]\n```',
      ' 1  ██████ 2.0 of 3 MiB\n22  ████████████ 4.0 of 3 MiB',
    ],
    ['other diagrams as text', '```mermaid\npie\n```', 'pie'],
  ])('shows %s', (_, markdown, expected) => {
    expect(shown(markdown)).toBe(expected)
  })
})
