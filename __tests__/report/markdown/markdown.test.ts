import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blocks,
  bullets,
  code,
  details,
  escapeText,
  foreignProse,
  heading,
  htmlCode,
  link,
  markup,
  mermaid,
  prose,
  table,
} from '../../../src/report/markdown/markdown.ts'
import { sanitiseLine } from '../../../src/domain/text.ts'
import { autoLinked, elementsOf, hostileText, targetsOf, textOf, toHtml } from '../hostile.ts'

const MAX = 400

function readable(page: string): string {
  return textOf(page).replaceAll('\u200B', '').trim()
}

describe('foreignProse', () => {
  it.each([
    ['take {merge-base} out of baseline', 'take `{merge-base}` out of baseline'],
    ['did you mean :main?', 'did you mean `:main`?'],
  ])('marks names in %s', (text, marked) => {
    expect(foreignProse(text)).toBe(marked)
  })
})

describe('code', () => {
  it.each([
    ['v1.2.3', '`v1.2.3`'],
    ['a`b', '``a`b``'],
    ['`a``b`', '``` `a``b` ```'],
    ['line\nbreak', '`line break`'],
    ['\u202Egnp.exe\0', '`gnp.exe`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['', '<code>&nbsp;</code>'],
    [' \n ', '<code>&nbsp;</code>'],
  ])('writes %j as %s', (text, expected) => {
    expect(code(text)).toBe(expected)
  })

  it('cuts what is longer than asked', () => {
    expect(code('x'.repeat(50), 10)).toBe(`\`${'x'.repeat(9)}…\``)
  })

  it('shows any text as it is, as nothing but code, in a paragraph and in a table', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const cell = table({ columns: [{ title: prose`T`, align: 'left' }], rows: [[code(text)]] })
        for (const page of [toHtml(prose`x ${code(text)} y`), toHtml(cell)]) {
          const [, content = ''] = /<code>(.*)<\/code>/s.exec(page) ?? []
          expect(elementsOf(content)).toEqual(new Set())
          expect(readable(content)).toBe(sanitiseLine(text, MAX).trim())
        }
      }),
    )
  })
})

describe('escapeText and htmlCode', () => {
  it.each([
    '- item',
    '+ item',
    '= x',
    '1. item',
    '# heading',
    '> quote',
    '    code',
    '| a | b |',
    '***',
    '[ ] task',
  ])('lets %j start no block', (text) => {
    expect(elementsOf(toHtml(escapeText(text)))).toEqual(new Set(['p']))
  })

  it('shows any text as it is, with nothing that GitHub would link, ping or load', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = toHtml(prose`x ${escapeText(text)} y`)
        expect(elementsOf(page)).toEqual(new Set(['p']))
        expect(autoLinked(page)).toEqual([])
        expect(readable(page)).toBe(`x ${sanitiseLine(text, MAX)} y`)
      }),
    )
  })

  // cmark-gfm looks for mail addresses after it has read the entities; micromark does not
  it('breaks mail addresses in code elements, which GitHub links otherwise', () => {
    expect(htmlCode('root@evil.example')).toBe('<code>root&#64;\u200Bevil.example</code>')
  })

  it('means the same where only HTML is read', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = toHtml(details(markup`${htmlCode(text)} ${escapeText(text)}`, prose`body`))
        expect(elementsOf(page)).toEqual(new Set(['details', 'summary', 'code', 'p']))
        expect(autoLinked(page)).toEqual([])
        const seen = sanitiseLine(text, MAX)
        expect(readable(page).replaceAll(/\s+/g, ' ')).toBe(
          `${seen || '\u00A0'} ${seen} body`.replaceAll(/\s+/g, ' ').trim(),
        )
      }),
    )
  })
})

describe('table', () => {
  const columns = [
    { title: prose`Name`, align: 'left' },
    { title: prose`Text`, align: 'center' },
    { title: prose`Size`, align: 'right' },
  ] as const

  it('aligns its columns', () => {
    expect(table({ columns, rows: [] })).toBe('| Name | Text | Size |\n| :--- | :---: | ---: |')
  })

  it('has one cell per column, whatever is in them', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const page = toHtml(table({ columns, rows: [[code(one), escapeText(other), htmlCode(other)], []] }))
        const rows = page.slice(page.indexOf('<tbody>')).match(/<tr>.*?<\/tr>/gs) ?? []
        expect(rows.map((row) => row.match(/<td/g)?.length)).toEqual([3, 3])
        expect(targetsOf(page)).toEqual([])
      }),
    )
  })

  it('keeps a line break in a cell from ending the row', () => {
    expect(table({ columns: [columns[0]], rows: [[prose`a\n\n| b`]] }).split('\n')).toHaveLength(3)
  })
})

describe('link', () => {
  it('points to pages of the web', () => {
    expect(link(prose`run`, 'https://github.com/acme/api/actions/runs/1')).toBe(
      '[run](https://github.com/acme/api/actions/runs/1)',
    )
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'no address', ''])(
    'is only words for %j',
    (address) => {
      expect(link(prose`run`, address)).toBe('run')
    },
  )

  it('cannot be ended by its address', () => {
    const page = toHtml(link(prose`run`, 'https://host.example/a)b<c>|`*_[d](e'))
    expect(targetsOf(page)).toHaveLength(1)
    expect(readable(page)).toBe('run')
  })
})

describe('blocks', () => {
  it('leaves out what is empty', () => {
    expect(blocks(prose``, heading(3, prose`Title`), prose``, bullets([prose`a`, prose``, prose`b`]))).toBe(
      '### Title\n\n- a\n- b',
    )
  })

  it('keeps a drawing within its fence', () => {
    const drawing = mermaid(['xychart-beta', '```\n<img src=x>'])
    expect(drawing.split('\n')).toHaveLength(4)
    expect(elementsOf(toHtml(drawing))).toEqual(new Set(['pre', 'code']))
  })
})
