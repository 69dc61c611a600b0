const CLOSERS = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
])

/**
 * Splits a list input at newlines and commas. Items are trimmed; empty ones and comments (`#` at the start of
 * a line or after a blank) are dropped. A comma inside `{…}`, `(…)`, `[…]` or a `/regex/` belongs to the
 * item, and a backslash takes the next character as it is. A slash opens a regex only where an item starts:
 * references hold slashes, too.
 */
export function splitList(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap(splitLine)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function splitLine(line: string): string[] {
  const items: string[] = []
  const open: string[] = []
  let start = 0
  let position = 0
  while (position < line.length) {
    const character = line[position] ?? ''
    if (character === '#' && /^$|\s/.test(line[position - 1] ?? '')) break
    if (character === '/' && line.slice(start, position).trim() === '') {
      position = endOfRegex(line, position)
      continue
    }
    if (character === '\\') position += 1
    else if (character === ',' && open.length === 0) {
      items.push(line.slice(start, position))
      start = position + 1
    } else if (CLOSERS.has(character)) open.push(CLOSERS.get(character) ?? '')
    else if (character === open.at(-1)) open.pop()
    position += 1
  }
  items.push(line.slice(start, position))
  return items
}

/**
 * Behind the slash that closes the regex: unescaped, in no `[…]`, and followed by a comma, a blank or
 * nothing.
 */
function endOfRegex(line: string, opening: number): number {
  let inSet = false
  for (let position = opening + 1; position < line.length; position += 1) {
    const character = line[position] ?? ''
    if (character === '\\') position += 1
    else if (character === '[') inSet = true
    else if (character === ']') inSet = false
    else if (character === '/' && !inSet && /^(?:$|[,\s])/.test(line.slice(position + 1, position + 2))) {
      return position + 1
    }
  }
  return opening + 1
}
