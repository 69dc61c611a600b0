/** Levenshtein distance up to `limit`, else null; only cells within `limit` of the diagonal are computed. */
export function editDistance(a: string, b: string, limit: number): number | null {
  if (Math.abs(a.length - b.length) > limit) return null
  const beyond = limit + 1
  let previous = Array.from({ length: b.length + 1 }, (_, column) => Math.min(column, beyond))
  let current = Array.from<number>({ length: b.length + 1 }).fill(beyond)
  for (let row = 1; row <= a.length; row += 1) {
    const first = Math.max(1, row - limit)
    const last = Math.min(b.length, row + limit)
    let left = first === 1 ? Math.min(row, beyond) : beyond
    let best = left
    current[first - 1] = left
    for (let column = first; column <= last; column += 1) {
      const replaced = (previous[column - 1] ?? beyond) + Number(a[row - 1] !== b[column - 1])
      // the cell above the last one is outside the band of the row before
      const removed = column === row + limit ? beyond : (previous[column] ?? beyond) + 1
      left = Math.min(replaced, removed, left + 1, beyond)
      current[column] = left
      best = Math.min(best, left)
    }
    if (best > limit) return null
    ;[previous, current] = [current, previous]
  }
  const distance = previous[b.length] ?? beyond
  return distance > limit ? null : distance
}
