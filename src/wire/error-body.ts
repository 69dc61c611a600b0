import { z } from 'zod'

import { baseMediaType } from '../domain/manifest/media-type.ts'
import { sanitiseLine } from '../domain/text.ts'
import { isObject } from './json.ts'

/** What a server says went wrong. */
export interface RegistryErrors {
  /**
   * `errors[].code` of the distribution specification, upper-cased; empty when the body is in any other form
   */
  readonly codes: readonly string[]
  /** the first message for people, one harmless line of at most 200 characters; null when there is none */
  readonly text: string | null
  /** a web page: no registry answered, but a proxy, a login or a wrong address */
  readonly isHtml: boolean
}

const MAX_BYTES = 64 * 1024
const MAX_TEXT = 200
const MAX_CODES = 8
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/
const LOGIN = /(authorization\W{1,8}(?:basic|bearer)\s{1,8})[\w+/=.~-]+/gi

/**
 * Reads the body of an answer that is an error. Never throws: such a body may have any form (spec, "Error
 * Codes").
 */
export function parseRegistryErrors(body: Buffer, contentType: string | null): RegistryErrors {
  const text = body.subarray(0, MAX_BYTES).toString('utf8')
  if (isHtml(body, contentType)) return { codes: [], text: null, isHtml: true }
  const value = parseLoosely(text)
  const found = isObject(value) ? readErrors(value) : { codes: [], text: value === undefined ? text : '' }
  return { codes: found.codes, text: harmless(found.text) || null, isHtml: false }
}

/**
 * Proxies and debugging servers quote the request, our login included; a comment on a pull request is masked
 * by nobody.
 */
function harmless(text: string): string {
  return sanitiseLine(text.slice(0, MAX_TEXT * 8).replaceAll(LOGIN, '$1***'), MAX_TEXT)
}

/** Whether an answer is a web page, by its type or by how it begins. */
export function isHtml(body: Buffer, contentType: string | null): boolean {
  const type = baseMediaType(contentType ?? '')
  if (type === 'text/html' || type === 'application/xhtml+xml') return true
  return /^\s{0,64}<(?:!doctype html|html|head|body)\b/i.test(body.toString('latin1', 0, 128))
}

const text = z.string().optional().catch(undefined)

const entrySchema = z.lazy(() => z.object({ code: text, message: text, detail: text }))

/**
 * Besides the specification's: OAuth (`error`, `error_description`), Docker Hub (`details`), Quay, GitLab
 * (`message`, `detail`).
 */
const otherSchema = z.lazy(() =>
  z.object({
    error: text,
    error_description: text,
    message: text,
    details: text,
    detail: text,
  }),
)

function readErrors(value: Readonly<Record<string, unknown>>): { codes: string[]; text: string } {
  const errors = Array.isArray(value['errors']) ? value['errors'].slice(0, MAX_CODES) : []
  const entries = errors.map((entry) => entrySchema.safeParse(entry).data ?? {})
  const codes = entries.map(({ code = '' }) => code.toUpperCase()).filter((code) => CODE.test(code))
  const messages = entries.map(({ message, detail }) => message || detail || '')
  const strings = errors.filter((entry) => typeof entry === 'string')
  const other = otherSchema.parse(value)
  const oauth = [other.error, other.error_description].filter(Boolean).join(': ')
  const candidates = [...messages, ...strings, oauth, other.message, other.details, other.detail]
  return { codes: [...new Set(codes)], text: candidates.find(Boolean) ?? '' }
}

function parseLoosely(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
