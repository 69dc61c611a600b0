import type { Registry } from '../domain/names/reference.ts'
import type { Log } from '../domain/ports.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import { sanitiseLine } from '../domain/text.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse } from '../transport/types.ts'
import { parseWarning } from '../wire/warning.ts'

/** Looks at the headers of an answer for what people should know. */
export type Observe = (registry: Registry, response: HttpResponse) => void

/** A registry that warns differently each time is not listened to forever. */
const MAX_WARNINGS = 10

/**
 * Passes on what registries say about themselves, each thing once: their warnings, and Docker Hub's pull
 * limit when low.
 */
export function createObserver(log: Log): Observe {
  const said = new Set<string>()
  let toldLimit = false
  return (registry, response) => {
    for (const header of response.headers.get('warning') ?? []) {
      const text = parseWarning(header)
      const line = `${registry.host} warns: ${text}`
      if (text === null || said.has(line) || said.size >= MAX_WARNINGS) continue
      said.add(line)
      log.warning(line)
    }
    if (toldLimit || vendorOf(registry).limitsPulls !== true) return
    const line = lowLimit(response)
    if (line === null) return
    toldLimit = true
    log.warning(line)
  }
}

/** `ratelimit-remaining: 20;w=21600`; low is a fifth of the limit. Absent when the account has none. */
function lowLimit(response: HttpResponse): string | null {
  const remaining = readCount(headerValue(response, 'ratelimit-remaining'))
  const limit = readCount(headerValue(response, 'ratelimit-limit'))
  if (remaining === null || limit === null || remaining.count * 5 > limit.count) return null
  const hours = limit.seconds === null ? '' : ` per ${Math.max(1, Math.round(limit.seconds / 3600))} h`
  const source = sanitiseLine(headerValue(response, 'docker-ratelimit-source') ?? '', 64)
  const whose = source === '' ? '' : ` for ${source}`
  const limits = `${remaining.count} of ${limit.count} pulls${hours}${whose}`
  return `Docker Hub allows only ${limits} from here on; log in for more, or set cache-dir`
}

function readCount(text: string | null): { count: number; seconds: number | null } | null {
  const [, count, seconds] = /^(\d{1,9})(?:\s*;\s*w=(\d{1,9}))?/.exec(text ?? '') ?? []
  if (count === undefined) return null
  return { count: Number(count), seconds: seconds === undefined ? null : Number(seconds) }
}
