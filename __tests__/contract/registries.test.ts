import { expect, it } from 'vitest'
import { PROVIDERS } from '../../src/domain/names/provider.ts'
import { VENDORS } from '../../src/domain/vendors/vendors.ts'
import type { Knowledge } from '../../src/domain/vendors/vendor.ts'
import { textOf } from './checkout.ts'

const page = textOf('docs/registries.md')
const rows = page
  .slice(0, page.indexOf('## What was tried'))
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

const words = (known: Knowledge | 'all' | 'by owner') =>
  typeof known === 'string' ? known.replace(/^no$/, '–') : known.when

it('docs/registries.md tells of each vendor what the code knows of it', () => {
  const expected = PROVIDERS.map((provider) => {
    const { title, dates, catalog } = VENDORS[provider]
    return [title, words(dates.pushed), 'yes', words(dates.updated), words(dates.pulled), words(catalog)]
  })
  const [header, , ...table] = rows
  expect(header).toEqual(['Registry', 'pushed', 'created', 'updated', 'pulled', 'repositories'])
  expect(table).toEqual(expected)
})

it('docs/registries.md has a section for each vendor', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title)
  const titles = PROVIDERS.map((provider) => VENDORS[provider].title)
  const others = new Set(['What each one knows', 'What was tried'])
  expect(sections.filter((title) => !others.has(title)).toSorted()).toEqual(titles.toSorted())
})
