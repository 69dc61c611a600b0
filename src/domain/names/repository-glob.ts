import { inputError } from '../errors.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { parsePattern } from '../patterns/pattern.ts'
import { splitHost } from './reference.ts'
import { withoutUserinfo } from './registry.ts'
import type { Registry } from './registry.ts'

/** `[host/]glob` over the catalog of a registry; the pattern is matched against repository paths. */
export interface RepositoryGlob {
  readonly registry: Registry
  readonly pattern: Pattern
  /** the first part of the path, where that is not a pattern: `acme` of `acme/*`; null: any */
  readonly owner: string | null
}

const IPV6_HOST = /^\[[A-Fa-f0-9]*:[A-Fa-f0-9:]*\](?=[:/])/

/** Whether the text needs the registry's catalog: a glob (`team/*`) or `/regex/` instead of a name. */
export function isRepositoryGlob(text: string): boolean {
  return text.startsWith('/') || /[*?[{]/.test(text.replace(IPV6_HOST, ''))
}

/**
 * Parses `[host/]glob`. Hub's `library/` is not added: `*` there means the whole catalog.
 * @throws WardenError of kind `input`
 */
export function parseRepositoryGlob(
  text: string,
  defaultRegistry: Registry,
  input = 'image',
): RepositoryGlob {
  // no repository path has one, so that whatever is before it may be a password
  if (text.includes('@')) {
    const accepted = 'It holds no credentials, tag or digest: use the inputs username and password'
    throw inputError(input, withoutUserinfo(text), accepted)
  }
  if (/[?#&][\w.-]+=/.test(text)) throw inputError(input, text, 'It has no query or fragment')
  if (text.startsWith('/')) return globOf(defaultRegistry, text, input)
  const first = text.slice(0, text.indexOf('/') + 1)
  if (isRepositoryGlob(first)) return globOf(defaultRegistry, text, input)
  const { registry, host, rest } = splitHost(text, defaultRegistry)
  if (registry === null) throw inputError(input, text, `${JSON.stringify(host)} is not a host[:port]`)
  return globOf(registry, rest, input)
}

function globOf(registry: Registry, text: string, input: string): RepositoryGlob {
  const [, owner] = /^([a-z0-9][a-z0-9._-]*)\//.exec(text) ?? []
  return { registry, pattern: parsePattern(text, input), owner: owner ?? null }
}
