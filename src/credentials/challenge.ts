/** One challenge of a `WWW-Authenticate` header; an unknown scheme is a value like any other. */
export interface Challenge {
  /** lower-case, e.g. `bearer` */
  readonly scheme: string
  /** `Negotiate abc==`: what stands in place of parameters; else null */
  readonly token68: string | null
  /** names in lower case; of a repeated name the first value counts */
  readonly parameters: ReadonlyMap<string, string>
}

interface OpenChallenge extends Challenge {
  readonly parameters: Map<string, string>
}

/** A value and the index behind it. */
type Read = readonly [value: string, end: number]

const MAX_LENGTH = 16 * 1024
const BLANK = /[ \t\r\n]/
const SEPARATOR = /[ \t\r\n,]/
const NAME_END = /[ \t\r\n,="]/

/**
 * Reads every challenge of every instance of the header (RFC 9110 §11.6.1) in one pass, and never throws:
 * Forgejo sends two challenges in one line, other registries two headers, some neither quotes nor commas.
 * What cannot be read is skipped, what exceeds 16 KiB in sum is ignored.
 */
export function parseChallenges(instances: readonly string[]): readonly Challenge[] {
  const challenges: Challenge[] = []
  let budget = MAX_LENGTH
  for (const text of instances) {
    budget -= text.length
    if (budget < 0) break
    challenges.push(...parseInstance(text))
  }
  return challenges
}

function parseInstance(text: string): readonly Challenge[] {
  const challenges: OpenChallenge[] = []
  let position = skip(text, 0, SEPARATOR)
  while (position < text.length) {
    const [word, wordEnd] = readUntil(text, position, NAME_END)
    if (word === '') {
      // a stray `=` or a quoted string that belongs to nothing
      position = text[position] === '"' ? readQuoted(text, position)[1] : position + 1
    } else {
      const value = readAssignment(text, wordEnd)
      if (value !== null) {
        const parameters = challenges.at(-1)?.parameters
        const name = word.toLowerCase()
        if (parameters !== undefined && !parameters.has(name)) parameters.set(name, value[0])
        position = value[1]
      } else {
        const token68 = readToken68(text, wordEnd)
        challenges.push({ scheme: word.toLowerCase(), token68: token68?.[0] ?? null, parameters: new Map() })
        position = token68?.[1] ?? wordEnd
      }
    }
    position = skip(text, position, SEPARATOR)
  }
  return challenges
}

/**
 * The value of `= value`, quoted or bare; null where no `=` follows, so that the word before it is a scheme.
 */
function readAssignment(text: string, from: number): Read | null {
  const equals = skip(text, from, BLANK)
  if (text[equals] !== '=') return null
  const start = skip(text, equals + 1, BLANK)
  // bare values reach to the next blank or comma: unquoted URLs with `/ : ~ + =` occur
  return text[start] === '"' ? readQuoted(text, start) : readUntil(text, start, SEPARATOR)
}

/** The word behind a scheme when nothing but a comma or the end follows it: `Negotiate abc==`. */
function readToken68(text: string, from: number): Read | null {
  const start = skip(text, from, BLANK)
  if (start === from) return null
  const wordEnd = readUntil(text, start, NAME_END)[1]
  const end = skip(text, wordEnd, /=/)
  const next = skip(text, end, BLANK)
  const isLast = next === text.length || text[next] === ','
  return wordEnd > start && isLast ? [text.slice(start, end), end] : null
}

/** A quoted string with `\x` escapes; one that is never closed reaches to the end. */
function readQuoted(text: string, quote: number): Read {
  let value = ''
  let position = quote + 1
  while (position < text.length && text[position] !== '"') {
    if (text[position] === '\\') position += 1
    value += text[position] ?? ''
    position += 1
  }
  return [value, position + 1]
}

function readUntil(text: string, from: number, stop: RegExp): Read {
  let end = from
  while (end < text.length && !stop.test(text.charAt(end))) end += 1
  return [text.slice(from, end), end]
}

function skip(text: string, from: number, what: RegExp): number {
  let position = from
  while (position < text.length && what.test(text.charAt(position))) position += 1
  return position
}
