import type { MaskSecret } from '../domain/ports.ts'
import { sanitiseLine } from '../domain/text.ts'

/** Shorter values would turn every log into `***`. */
const MIN_LENGTH = 6

/**
 * Wraps the port so that a secret is registered in every form in which it may surface: itself, Base64,
 * URL-encoded, as others repeat it, and each line that says something (a JSON key is masked line by line by
 * the runner). Nothing is registered twice.
 */
export function createMasker(mask: MaskSecret): MaskSecret {
  const seen = new Set<string>()
  return (secret) => {
    for (const form of secretForms(secret)) {
      if (seen.has(form)) continue
      seen.add(form)
      mask(form)
    }
  }
}

/** Registers a password together with the Base64 form that Basic authentication sends. */
export function maskLogin(mask: MaskSecret, username: string, password: string): void {
  mask(password)
  if (password.length >= MIN_LENGTH) mask(Buffer.from(`${username}:${password}`).toString('base64'))
}

function secretForms(secret: string): readonly string[] {
  if (secret.trim().length < MIN_LENGTH) return []
  const lines = secret.split(/[\r\n]/).map((line) => line.trim())
  const encoded = [Buffer.from(secret).toString('base64'), urlEncoded(secret)]
  const forms = [secret, secret.trim(), ...encoded, ...repeatedForms(secret), ...lines]
  return forms.filter((form) => form.length >= MIN_LENGTH)
}

/**
 * How a secret looks in a text that repeats it, such as the answer of a server or the instruction of a layer:
 * as it is, or within quotes as JSON has them, and either with its blanks and control characters folded, as in
 * all foreign text that is shown.
 */
export function repeatedForms(secret: string): readonly string[] {
  const quoted = JSON.stringify(secret).slice(1, -1)
  return [secret, quoted, ...[secret, quoted].map((form) => sanitiseLine(form, form.length))]
}

function urlEncoded(secret: string): string {
  return encodeURIComponent(secret.toWellFormed())
}
