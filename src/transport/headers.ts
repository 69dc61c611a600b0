import type { HttpResponse } from './types.ts'

/** The first instance of a header, or null. `name` in lower case. */
export function headerValue(response: Pick<HttpResponse, 'headers'>, name: string): string | null {
  return response.headers.get(name)?.[0] ?? null
}

/** Every header of a response under its lower-case name; Node's own view would join or drop repeated ones. */
export function collectHeaders(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>()
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [raw[at + 1] ?? ''])
    else values.push(raw[at + 1] ?? '')
  }
  return headers
}

const harmlessAnywhere: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'cache-control', 'range'])

/**
 * What may go to another origin: an allowlist, so that no vendor's token header leaks by being unknown here.
 */
export function foreignHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => harmlessAnywhere.has(name.toLowerCase())),
  )
}
