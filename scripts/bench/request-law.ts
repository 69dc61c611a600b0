import type { SeenRequest, Workload } from './stage.ts'

/** What a run cost, and what is wrong with that; the law holds where nothing is `broken`. */
export interface Verdict {
  readonly pages: number
  /** `1 challenge + 1 token + 2 pages + 1,000 tags + 100 further manifests + 0 configs` */
  readonly account: string
  readonly broken: readonly string[]
}

/**
 * Holds a run against the law: one challenge, one token, the pages, one request per tag, one per distinct
 * further manifest, one per config that has to be read; nothing answered twice.
 */
export function judgeRequests(
  seen: readonly SeenRequest[],
  { tags, references, configs }: Pick<Workload, 'tags' | 'references' | 'configs'>,
): Verdict {
  const answered = seen.filter(({ status }) => status === 200)
  const count = (part: string): number => answered.filter(({ path }) => path.includes(part)).length
  const [pages, further] = [count('/tags/list'), count('/manifests/sha256:')]
  const named = tags?.length ?? 1
  const mostPages = tags === null ? 0 : pagesFor(named)
  const parts: readonly Part[] = [
    { what: 'challenge', found: seen.filter(({ status }) => status === 401).length, most: 1 },
    { what: 'token', found: count('token server '), most: 1 },
    { what: 'page', found: pages, least: Math.min(1, mostPages), most: mostPages },
    { what: 'tag', found: count('/manifests/') - further, most: named },
    { what: 'further manifest', found: further, most: references.length - named },
    { what: 'config', found: count('/blobs/'), most: configs },
  ]
  const known = parts.reduce((sum, { found }) => sum + found, 0)
  return {
    pages,
    account: parts.map(amount).join(' + '),
    broken: [
      ...parts.filter(({ found, most, least = most }) => found < least || found > most).map(complaint),
      ...repeated(answered).map((line) => `asked twice: ${line}`),
      ...(known === seen.length ? [] : [`${seen.length - known} requests of no known kind`]),
    ],
  }
}

/** Lengths at which a list may have been cut off. */
const FULL_PAGES: ReadonlySet<number> = new Set([50, 100, 200, 250, 500])

/**
 * The pages, one more that proves the end, since some registries page without saying so, and two in other
 * sizes where the length is that of a full page and the registry does not heed `last`.
 */
function pagesFor(tags: number): number {
  const isFull = FULL_PAGES.has(tags) || tags % 1000 === 0
  return Math.ceil(tags / 1000) + 1 + (isFull ? 2 : 0)
}

interface Part {
  readonly what: string
  readonly found: number
  readonly most: number
  /** default `most` */
  readonly least?: number
}

function amount({ what, found }: Pick<Part, 'what' | 'found'>): string {
  return `${found.toLocaleString('en')} ${what}${found === 1 ? '' : 's'}`
}

function complaint({ what, found, most }: Part): string {
  return `${amount({ what, found })} instead of ${most}`
}

function repeated(requests: readonly SeenRequest[]): readonly string[] {
  const lines = requests.map(({ method, path, query }) => `${method} ${path}${query && `?${query}`}`)
  const seen = new Set<string>()
  return lines.filter((line) => seen.size === seen.add(line).size)
}
