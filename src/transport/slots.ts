/**
 * Takes a place, waiting for one when all are taken; gives back what frees it. Rejects with the reason of
 * `stop`.
 */
export type TakeSlot = (stop: AbortSignal) => Promise<() => void>

/**
 * A number of places, handed out first come, first served. An agent's own queue will not do: time spent in it
 * would count as the server's silence, and a request cannot be aborted there.
 */
export function createSlots(count: number): TakeSlot {
  let free = count
  const waiting = new Set<() => void>()

  function release(): void {
    const [next] = waiting
    if (next === undefined) free += 1
    else next()
  }

  return (stop) =>
    new Promise((resolve, reject) => {
      const enter = () => {
        waiting.delete(enter)
        stop.removeEventListener('abort', leave)
        resolve(release)
      }
      const leave = () => {
        waiting.delete(enter)
        reject(stop.reason)
      }
      if (stop.aborted) leave()
      else if (free > 0) {
        free -= 1
        enter()
      } else {
        waiting.add(enter)
        stop.addEventListener('abort', leave, { once: true })
      }
    })
}
