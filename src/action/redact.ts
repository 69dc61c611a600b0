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

  function redactText(text: string): string {
    let redacted = text
    for (const [secret, beginning] of secrets) {
      if (!redacted.includes(beginning)) continue
      redacted = redacted.replaceAll(secret, HIDDEN)
      if (redacted.includes('…')) redacted = withoutCut(redacted, secret)
    }
    return redacted
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

/** A text that was too long may end within a secret. */
function withoutCut(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= SHORTEST; length -= 1) {
    const start = `${secret.slice(0, length)}…`
    if (text.includes(start)) return text.replaceAll(start, `${HIDDEN}…`)
  }
  return text
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.some((each, at) => each !== before[at]) ? after : before
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
