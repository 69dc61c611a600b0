import { describe, expect, test } from 'vitest'

import { createMemory } from '../../src/registry/memory.ts'

describe('memory', () => {
  const weightless = () => createMemory<string>(100, () => 1)

  test('loads once, also while loading', async () => {
    const memory = weightless()
    let loads = 0
    const load = async () => `value ${(loads += 1)}`
    const both = Promise.all([memory.get('a', load), memory.get('a', load)])
    expect(await both).toEqual(['value 1', 'value 1'])
    expect(await memory.get('a', load)).toBe('value 1')
  })

  test('forgets a failure', async () => {
    const memory = weightless()
    await expect(memory.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await memory.get('a', async () => 'yes')).toBe('yes')
  })

  test('drops what was used longest ago when it gets too heavy', () => {
    const memory = createMemory<string>(10, (value) => value.length)
    memory.put('a', 'xxxx')
    memory.put('b', 'xxxx')
    memory.peek('a')
    memory.put('c', 'xxxx')
    expect(['a', 'b', 'c'].filter((key) => memory.peek(key) !== undefined)).toEqual(['a', 'c'])
    memory.put('a', 'x')
    memory.put('d', 'xxxxx')
    expect(['a', 'c', 'd'].filter((key) => memory.peek(key) !== undefined)).toEqual(['a', 'c', 'd'])
  })

  test('does not keep one entry that is too heavy', () => {
    const memory = createMemory<string>(3, (value) => value.length)
    memory.put('a', 'xxxx')
    expect(memory.peek('a')).toBeUndefined()
  })
})
