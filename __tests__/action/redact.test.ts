import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/action/redact.ts'

const SECRET = 'swordfish-4711'

function redactor() {
  const { add, redact } = createRedactor()
  add(SECRET)
  add('short')
  return redact
}

describe('a secret', () => {
  it.each([
    [`denied for ${SECRET}!`, 'denied for ***!'],
    [`${SECRET}${SECRET}`, '******'],
    ['it was cut: swordfish-4…', 'it was cut: ***…'],
    ['a short word stays, and so does sword…', 'a short word stays, and so does sword…'],
  ])('%s', (text, shown) => {
    expect(redactor()(text)).toBe(shown)
  })

  it('that begins as another one does, or where another one ends, is hidden to its end', () => {
    const { add, redact } = createRedactor()
    add('registrypass')
    add('registrypassLONGTAIL99')
    add('TAIL99-and-more')
    const text =
      'A registrypass, B registrypassLONGTAIL99, cut registrypassLON…, registrypassLONGTAIL99-and-more'
    expect(redact(text)).toBe('A ***, B ***, cut ***…, ***')
  })

  it('that was cut behind a character that looks like a cut is hidden to the cut', () => {
    const { add, redact } = createRedactor()
    add('sword…fish-4711')
    expect(redact('sword…fish-4711, sword…fis…, swords…')).toBe('***, ***…, swords…')
  })

  it('is found however deep in a value, in names as well', () => {
    const value = {
      rows: [{ reason: `said ${SECRET}`, size: 4 }],
      labels: new Map([[SECRET, { by: SECRET }]]),
      at: null,
    }
    expect(redactor()(value)).toEqual({
      rows: [{ reason: 'said ***', size: 4 }],
      labels: new Map([['***', { by: '***' }]]),
      at: null,
    })
  })

  it('in Base64 is found with and without padding, and as URLs have it', () => {
    const { add, redact } = createRedactor()
    add('c3dvcmQ+Zmlz/A==')
    expect(redact('c3dvcmQ+Zmlz/A== c3dvcmQ+Zmlz/A. c3dvcmQ-Zmlz_A')).toBe('*** ***. ***')
  })

  it('that is nowhere changes nothing', () => {
    const value = { rows: [{ reason: 'kept' }], labels: new Map([['a', new Set(['b'])]]) }
    expect(redactor()(value)).toBe(value)
  })
})
