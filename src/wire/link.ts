import { WardenError } from '../domain/errors.ts'

/** One entry of a `Link` header (RFC 8288). Parameter names are in lower case; the first of a name counts. */
interface Link {
  readonly target: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * The query (without `?`) that leads to the next page, or null on the last one. Only the query: targets name
 * a wrong scheme, host or prefix behind proxies (Artifactory drops the repository key), or a host that wants
 * our token (oras-go GHSA-h7vf-4x9w-h99v).
 * @throws WardenError of kind `protocol` when there is a header that cannot be read, or a next page without a
 * query: a list that may be incomplete must not look complete.
 */
export function nextPageQuery(headers: readonly string[]): string | null {
  const next = headers.flatMap(parseLinks).find(isNext)
  if (next === undefined) return null
  const [beforeFragment = ''] = next.target.split('#', 1)
  const start = beforeFragment.indexOf('?')
  if (start < 0 || start === beforeFragment.length - 1) throw unreadable()
  return beforeFragment.slice(start + 1)
}

function isNext({ parameters }: Link): boolean {
  const relations = (parameters.get('rel') ?? '').toLowerCase().split(' ')
  return relations.includes('next')
}

/**
 * Sticky expressions, each linear and each tried once per position, so that a hostile header costs its
 * length.
 */
const TARGET = /[\s,]*<([^<>]*)>/y
const PARAMETER = /\s*;\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y
const END_OF_LINK = /[\s;]*(?:,|$)/y
const END_OF_HEADER = /[\s,]*$/y

function parseLinks(header: string): Link[] {
  const links: Link[] = []
  let position = 0
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = position
    const match = expression.exec(header)
    if (match !== null) position = expression.lastIndex
    return match
  }
  while (take(END_OF_HEADER) === null) {
    const target = take(TARGET)?.[1]
    if (target === undefined) throw unreadable()
    const parameters = new Map<string, string>()
    for (let found = take(PARAMETER); found !== null; found = take(PARAMETER)) {
      const name = (found[1] ?? '').toLowerCase()
      const value = found[2]?.replaceAll(/\\(.)/gs, '$1') ?? found[3] ?? ''
      if (!parameters.has(name)) parameters.set(name, value)
    }
    if (take(END_OF_LINK) === null) throw unreadable()
    links.push({ target: target.trim(), parameters })
  }
  return links
}

function unreadable(): WardenError {
  return new WardenError('protocol', 'the Link header to the next page cannot be read')
}
