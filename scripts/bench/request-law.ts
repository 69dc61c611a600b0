import type { Workload } from './stage.ts'

/** A request as a proxy between client and registry saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly status: number | null
}

/** What a run cost, and what is wrong with that; no `broken` means that the law holds. */
export interface Verdict {
  readonly requests: number
  /** `1 challenge + 1 token + 2 pages + 1,000 tags + 100 further manifests + 0 configs` */
  readonly account: string
  readonly broken: readonly string[]
}

/**
 * Holds a run against the law: one challenge, one token, the pages, one request per tag, one per distinct further
 * manifest, one per config that has to be read; nothing answered twice.
 */
export function judgeRequests(seen: readonly SeenRequest[], workload: Workload): Verdict {
  const answered = seen.filter(({ status }) => status === 200)
  const count = (part: string): number => answered.filter(({ path }) => path.includes(part)).length
  const tags = workload.tags?.length ?? 1
  const parts = [
    { what: 'challenge', least: 1, most: 1, found: seen.length - answered.length },
    { what: 'token', least: 1, most: 1, found: count('token server ') },
    // a full page without a link to another is asked to go on, since some registries page without saying so
    {
      what: 'page',
      ...(workload.tags === null ? exactly(0) : { least: 1, most: 1 + Math.floor(tags / 1000) }),
      found: count('/tags/list'),
    },
    { what: 'tag', ...exactly(tags), found: count('/manifests/') - count('/manifests/sha256:') },
    {
      what: 'further manifest',
      ...exactly(workload.references.length - tags),
      found: count('/manifests/sha256:'),
    },
    { what: 'config', ...exactly(workload.configs), found: count('/blobs/') },
  ]
  const lines = answered.map(({ method, path, query }) => `${method} ${path}?${query}`)
  const twice = lines.filter((line, position) => lines.indexOf(line) !== position)
  const total = parts.reduce((sum, { found }) => sum + found, 0)
  return {
    requests: seen.length,
    account: parts
      .map(({ what, found }) => `${found.toLocaleString('en')} ${what}${found === 1 ? '' : 's'}`)
      .join(' + '),
    broken: [
      ...parts
        .filter(({ least, most, found }) => found < least || found > most)
        .map(
          ({ what, least, most, found }) =>
            `${what}: ${found} requests instead of ${least === most ? least : `${least} to ${most}`}`,
        ),
      ...twice.map((line) => `asked twice: ${line}`),
      ...(total === seen.length ? [] : [`${seen.length - total} requests of no known kind`]),
    ],
  }
}

function exactly(number: number): { readonly least: number; readonly most: number } {
  return { least: number, most: number }
}
