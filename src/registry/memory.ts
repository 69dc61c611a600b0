/** Values that are asked for once, even while the first request for them is under way. */
export interface Memory<V> {
  /** What is known, or what `load` finds; a failed load is forgotten, so that the next one tries again. */
  readonly get: (key: string, load: () => Promise<V>) => Promise<V>
  readonly put: (key: string, value: V) => void
  /** What is known, at once. */
  readonly peek: (key: string) => V | undefined
}

/** Remembers the values used last, up to a total weight; what is under way counts nothing. */
export function createMemory<V>(capacity: number, weigh: (value: V) => number): Memory<V> {
  const known = new Map<string, V>()
  const underWay = new Map<string, Promise<V>>()
  let weight = 0

  function peek(key: string): V | undefined {
    const value = known.get(key)
    if (value === undefined) return undefined
    // a Map keeps the order of insertion: what was used moves to its end
    known.delete(key)
    known.set(key, value)
    return value
  }

  function forget(key: string): void {
    const value = known.get(key)
    if (value === undefined) return
    known.delete(key)
    weight -= weigh(value)
  }

  function put(key: string, value: V): void {
    forget(key)
    known.set(key, value)
    weight += weigh(value)
    for (const oldest of known.keys()) {
      if (weight <= capacity) break
      forget(oldest)
    }
  }

  async function fetch(key: string, load: () => Promise<V>): Promise<V> {
    try {
      const value = await load()
      put(key, value)
      return value
    } finally {
      underWay.delete(key)
    }
  }

  async function get(key: string, load: () => Promise<V>): Promise<V> {
    const value = peek(key)
    if (value !== undefined) return value
    const pending = underWay.get(key) ?? fetch(key, load)
    underWay.set(key, pending)
    return pending
  }

  return { get, put, peek }
}
