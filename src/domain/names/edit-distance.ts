/** Levenshtein distance up to `limit`, else null; only cells within `limit` of the diagonal are computed. */
export function editDistance(a: string, b: string, limit: number): number | null {
  if (Math.abs(a.length - b.length) > limit) return null
  const beyond = limit + 1
  let previous = Array.from({ length: b.length + 1 }, (_, column) => Math.min(column, beyond))
  for (let row = 1; row <= a.length; row += 1) {
    const current = Array.from<number>({ length: b.length + 1 }).fill(beyond)
    if (row <= limit) current[0] = row
    const last = Math.min(b.length, row + limit)
    for (let column = Math.max(1, row - limit); column <= last; column += 1) {
      const replaced = (previous[column - 1] ?? beyond) + Number(a[row - 1] !== b[column - 1])
      const removed = (previous[column] ?? beyond) + 1
      const inserted = (current[column - 1] ?? beyond) + 1
      current[column] = Math.min(replaced, removed, inserted, beyond)
    }
    if (Math.min(...current) > limit) return null
    previous = current
  }
  const distance = previous[b.length] ?? beyond
  return distance > limit ? null : distance
}
