/** Takes secrets out of whatever is about to be shown or kept, however deep in a value. */
export interface Redactor {
  readonly add: (secret: string) => void
  /** The value itself where it holds no secret. */
  readonly redact: <T>(value: T) => T
}

const HIDDEN = '***'
/** Of a secret that was cut, this much is still worth hiding; shorter values are never registered. */
const SHORTEST = 6

/**
 * The runner hides secrets in its log, not in comments, outputs and files; and a registry may repeat in an
 * error, a label or a name what it was sent.
 */
export function createRedactor(): Redactor {
  /** each with its beginning: what lacks that has nothing of it */
  const secrets = new Map<string, string>()

  function holdsSecret(text: string): boolean {
    for (const beginning of secrets.values()) if (text.includes(beginning)) return true
    return false
  }

  /** A report has a hundred thousand values, and nearly none of them does: none is copied to find out. */
  function needsCare(value: unknown): boolean {
    if (typeof value === 'string') return holdsSecret(value)
    if (typeof value !== 'object' || value === null) return false
    if (Array.isArray(value)) return value.some(needsCare)
    if (value instanceof Map) return [...value].flat().some(needsCare)
    return isPlain(value) && Object.values(value).some(needsCare)
  }

  function secretsIn(text: string): Part[] {
    const parts: Part[] = []
    for (const [secret, beginning] of secrets) {
      for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, at + 1)) {
        const length = lengthOf(secret, text, at)
        if (length > 0) parts.push({ start: at, end: at + length })
      }
    }
    return parts
  }

  function redactText(text: string): string {
    let redacted = ''
    let shown = 0
    for (const { start, end } of joined(secretsIn(text))) {
      redacted += `${text.slice(shown, start)}${HIDDEN}`
      shown = end
    }
    return redacted + text.slice(shown)
  }

  function redactValue(value: unknown): unknown {
    if (typeof value === 'string') return redactText(value)
    if (Array.isArray(value)) return changed(value, value.map(redactValue))
    if (value instanceof Map) {
      const before = [...value].flat()
      const after = changed(before, before.map(redactValue))
      if (after === before) return value
      return new Map(Array.from(value.keys(), (_, at) => [after[2 * at], after[2 * at + 1]]))
    }
    if (!isPlain(value)) return value
    const before = Object.values(value)
    const after = changed(before, before.map(redactValue))
    if (after === before) return value
    return Object.fromEntries(Object.keys(value).map((key, at) => [key, after[at]]))
  }

  return {
    add: (secret) => {
      // Base64 comes with and without padding, and in an alphabet for URLs
      const bare = secret.replace(/=+$/, '')
      const inUrls = bare.replaceAll('+', '-').replaceAll('/', '_')
      for (const form of [secret, bare, inUrls]) {
        if (form.length >= SHORTEST) secrets.set(form, form.slice(0, SHORTEST))
      }
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the same shape, strings stay strings
    redact: <T>(value: T) => (needsCare(value) ? (redactValue(value) as T) : value),
  }
}

interface Part {
  readonly start: number
  readonly end: number
}

/** How much of a secret is at this place: all of it, what was left of it where a text was cut, or nothing. */
function lengthOf(secret: string, text: string, at: number): number {
  if (text.startsWith(secret, at)) return secret.length
  const found = text.slice(at, at + secret.length)
  // a secret may have such a character itself
  let left = found.lastIndexOf('…')
  while (left > 0 && !secret.startsWith(found.slice(0, left))) left = found.lastIndexOf('…', left - 1)
  return Math.max(left, 0)
}

/**
 * In order, those that overlap as one: of two secrets with a common beginning, the end of the longer one would
 * show where the shorter one was taken out.
 */
function joined(parts: readonly Part[]): Part[] {
  const apart: Part[] = []
  for (const part of parts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = apart.at(-1)
    if (last === undefined || part.start >= last.end) apart.push(part)
    else if (part.end > last.end) apart[apart.length - 1] = { start: last.start, end: part.end }
  }
  return apart
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.some((each, at) => each !== before[at]) ? after : before
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
