import { expect, test } from 'vitest'
import { createGate } from '../../src/transport/gate.ts'

const { signal } = new AbortController()

test('never gives out more places than there are, and serves in order', async () => {
  const gate = createGate(2)
  const order: number[] = []
  let inside = 0
  await Promise.all(
    [1, 2, 3, 4, 5].map(async (guest) => {
      const place = await gate.enter(signal)
      order.push(guest)
      inside += 1
      expect(inside).toBeLessThanOrEqual(2)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
      place.leave('other')
    }),
  )
  expect(order).toEqual([1, 2, 3, 4, 5])
})

test('who gives up waiting takes no place', async () => {
  const gate = createGate(1)
  const place = await gate.enter(signal)
  const stop = new AbortController()
  const waiting = gate.enter(stop.signal)
  const next = gate.enter(signal)
  stop.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  place.leave('other')
  const again = await next
  again.leave('other')
  await expect(gate.enter(signal)).resolves.toHaveProperty('leave')
  await expect(gate.enter(AbortSignal.abort(new Error('never')))).rejects.toThrow('never')
})

test('a pause holds everybody, and who was refused goes first afterwards', async () => {
  const gate = createGate(1)
  const { promise, resolve } = Promise.withResolvers<void>()
  const place = await gate.enter(signal)
  gate.pause(promise)
  const order: string[] = []
  const waiting = ['fresh', 'refused'].map(async (name) => {
    const own = await gate.enter(signal, name === 'refused')
    order.push(name)
    own.leave('served')
  })
  place.leave('refused')
  await new Promise((done) => setImmediate(done))
  expect(order).toEqual([])
  resolve()
  await Promise.all(waiting)
  expect(order).toEqual(['refused', 'fresh'])
})

test('lets more through while answers are quick, and half as many after a refusal', async () => {
  let now = 0
  const gate = createGate('auto', () => now)
  const fill = async () => {
    const places = []
    for (;;) {
      const stop = new AbortController()
      const next = await Promise.race([
        gate.enter(stop.signal),
        new Promise<null>((done) => setImmediate(() => done(null))),
      ])
      if (next === null) {
        stop.abort(new Error('full'))
        return places
      }
      places.push(next)
    }
  }
  const widths: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const places = await fill()
    widths.push(places.length)
    now += 10
    for (const place of places) place.leave('served')
  }
  expect(widths).toEqual([16, 32, 64, 64, 64])
  const refused = await fill()
  now += 10
  for (const place of refused) place.leave('refused')
  expect(await fill()).toHaveLength(32)
})
