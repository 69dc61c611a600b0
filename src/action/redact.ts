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
  const secrets = new Set<string>()

  function redactText(text: string): string {
    let redacted = text
    for (const secret of secrets) {
      if (!redacted.includes(secret.slice(0, SHORTEST))) continue
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
      for (const form of [secret, bare, inUrls]) if (form.length >= SHORTEST) secrets.add(form)
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the same shape, strings stay strings
    redact: <T>(value: T) => redactValue(value) as T,
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
