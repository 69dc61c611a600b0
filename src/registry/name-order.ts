/** In what order the names of a list came; registries page by bytes, or by letters whatever their case. */
export interface NameOrder {
  /** new names as they came */
  readonly names: readonly string[]
  readonly byBytes: boolean
  readonly byLetters: boolean
  /** where the smallest name stands; -1 before the first name */
  readonly smallestAt: number
}

/** Before the first name. */
export const NO_NAMES: NameOrder = { names: [], byBytes: true, byLetters: true, smallestAt: -1 }

/** The order after another page. */
export function orderAfter(order: NameOrder, page: readonly string[]): NameOrder {
  const names = [...order.names]
  let { byBytes, byLetters, smallestAt } = order
  for (const name of page) {
    const last = names.at(-1)
    if (last !== undefined) {
      byBytes &&= last <= name
      byLetters &&= last.toLowerCase() <= name.toLowerCase()
    }
    if (name < (names[smallestAt] ?? '\uffff')) smallestAt = names.length
    names.push(name)
  }
  return { names, byBytes, byLetters, smallestAt }
}

/** Whether a page is what the list has behind its smallest name: then a name is a place in the list, not in the alphabet. */
export function followsSmallest({ names, smallestAt }: NameOrder, page: readonly string[]): boolean {
  return page.length > 0 && page.every((name, at) => name === names[smallestAt + 1 + at])
}
