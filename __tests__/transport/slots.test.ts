import { expect, test } from 'vitest'
import { createSlots } from '../../src/transport/slots.ts'

const { signal } = new AbortController()

test('never gives out more places than there are, and serves in order', async () => {
  const takeSlot = createSlots(2)
  const order: number[] = []
  let inside = 0
  await Promise.all(
    [1, 2, 3, 4, 5].map(async (guest) => {
      const release = await takeSlot(signal)
      order.push(guest)
      inside += 1
      expect(inside).toBeLessThanOrEqual(2)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
      release()
    }),
  )
  expect(order).toEqual([1, 2, 3, 4, 5])
})

test('who gives up waiting takes no place', async () => {
  const takeSlot = createSlots(1)
  const release = await takeSlot(signal)
  const stop = new AbortController()
  const waiting = takeSlot(stop.signal)
  const next = takeSlot(signal)
  stop.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  release()
  const again = await next
  again()
  await expect(takeSlot(signal)).resolves.toBeTypeOf('function')
  await expect(takeSlot(AbortSignal.abort(new Error('never')))).rejects.toThrow('never')
})
