import { describe, expect, it } from 'vitest'
import { filesBelow, textOf } from './checkout.ts'

/** Headings of columns that quote what a run says. */
const QUOTING = /^(?:the error says|what you see)$/

interface Quote {
  readonly line: number
  /** what stands between backticks; `…` stands for anything */
  readonly text: string
}

/** What `docs/troubleshooting.md` quotes in backticks in the first column of its tables. */
function quotes(): Quote[] {
  const found: Quote[] = []
  let quoting = false
  for (const [index, row] of textOf('docs/troubleshooting.md').split('\n').entries()) {
    const first = /^\| (.*?) +\|/.exec(row)?.[1]?.trim()
    if (first === undefined) quoting = false
    else if (QUOTING.test(first)) quoting = true
    else if (quoting)
      for (const [, text = ''] of first.matchAll(/`([^`]+)`/g)) found.push({ line: index + 1, text })
  }
  return found
}

/** The sources, with texts that are put together from several lines in one piece. */
function sources(): string {
  const texts = filesBelow('src').map((path) => textOf(path))
  return texts.join('\n').replaceAll(/(['"`])\s*\+\s*(['"`])/g, '')
}

/** The literal parts of a quote; single words between two `…` could stand anywhere and prove nothing. */
function partsOf({ text }: Quote): string[] {
  return text
    .split('…')
    .map((part) => part.trim())
    .filter((part) => /\w\W+\w|\w{8}/.test(part))
}

describe('docs/troubleshooting.md', () => {
  it('quotes messages', () => {
    expect(quotes().length).toBeGreaterThan(30)
    expect(quotes().filter((quote) => partsOf(quote).length === 0 && quote.text.length < 6)).toEqual([])
  })

  it('quotes nothing that the action no longer says', () => {
    const said = sources()
    const missing = quotes().flatMap((quote) =>
      partsOf(quote)
        .filter((part) => !said.includes(part))
        .map((part) => `line ${quote.line}: ${part}`),
    )
    expect(missing, 'say it as src does, or quote it without backticks if it is not ours').toEqual([])
  })
})

/** Phrases that are not English, with what to write instead. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(?<!there )\bis no (?:number|JSON|image|manifest|certificate|tag|date)\b/, 'is not a …'],
  [/\bthere is no (?:host|input) /, '… not found, unknown input …'],
  [/\bbroke off|\bbreaks off/, 'closed the connection mid-response, is cut off'],
  [/\bwent silent/, 'stopped responding'],
  [/\banew\b/, 'again'],
  [/\bfor ever\b/, 'forever'],
  [/\b(?:held|hold) against\b/, 'compared with, matched against'],
]

it.each(PHRASES)('nobody reads %s', (phrase, better) => {
  const paths = ['action.yml', 'README.md', ...filesBelow('docs'), ...filesBelow('src')]
  const found = paths.filter((path) => /\.(?:md|ts|yml)$/.test(path) && phrase.test(textOf(path)))
  expect(found, `write: ${better}`).toEqual([])
})
