import { describe, expect, it } from 'vitest'
import { parseExplain } from '../../src/action/explain-inputs.ts'
import { createInputReader } from '../../src/action/input-reader.ts'

const parse = (given: Readonly<Record<string, string>>) =>
  parseExplain(createInputReader((name) => given[name] ?? ''))

describe('how deep sizes are explained', () => {
  it('is to the layer where nothing is asked', () => {
    expect(parse({})).toBeNull()
    expect(parse({ explain: 'layers' })).toBeNull()
    expect(parse({ explain: 'layers', 'explain-budget': '256MiB' })).toBeNull()
  })

  it('is to the file within a budget', () => {
    expect(parse({ explain: 'files' })).toEqual({
      budget: 256 * 1024 ** 2,
      wasted: { max: null, warn: null },
    })
    expect(parse({ explain: 'files', 'explain-budget': '1GB' })?.budget).toBe(1e9)
  })

  it('takes limits of waste as bytes and as shares', () => {
    const settings = parse({ explain: 'files', 'max-wasted': '5%', 'warn-wasted': '20MiB' })
    expect(settings?.wasted).toEqual({
      max: { text: '5%', unit: 'share', millionths: 50_000 },
      warn: { text: '20MiB', unit: 'bytes', bytes: 20 * 1024 ** 2 },
    })
  })

  it.each([
    ['explain', 'file', 'input explain: "file"'],
    ['explain-budget', '256', 'explain-budget'],
    ['explain-budget', '-1MiB', 'explain-budget'],
    ['max-wasted', '101%', 'input max-wasted: "101%"'],
    ['warn-wasted', '20', 'warn-wasted'],
  ])('refuses %s: %s', (name, value, message) => {
    expect(() => parse({ explain: 'files', [name]: value })).toThrow(message)
  })

  it.each([
    ['explain-budget', '1GiB'],
    ['max-wasted', '5%'],
    ['warn-wasted', '1MiB'],
  ])('refuses %s, which without explain: files would guard nothing', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(`input ${name} is given without explain: files`)
  })
})
