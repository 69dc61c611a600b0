import { WardenError } from '../domain/errors.ts'
import type { LiveRefs, RefList } from '../domain/prune/protect-refs.ts'
import { githubAnswers } from '../wire/github-answers.ts'
import { nextPageQuery } from '../wire/link.ts'
import type { AskGitHub } from './requests.ts'

const PAGE = 100
/** A hundred thousand refs: nobody has more, and a list without end is none. */
const MAX_PAGES = 1000
const REPOSITORY = 'GET /repos/{owner}/{repo}'

interface ListSpec {
  readonly what: string
  readonly route: string
  readonly permission: string
  readonly parameters?: Readonly<Record<string, string>>
}

const SPECS: Readonly<Record<RefList, ListSpec>> = {
  // oldest first, so that one that is opened meanwhile does not move the others to a page that was read
  pullRequests: {
    what: 'list open pull requests',
    route: `${REPOSITORY}/pulls`,
    permission: 'pull-requests: read',
    parameters: { state: 'open', sort: 'created', direction: 'asc' },
  },
  branches: { what: 'list branches', route: `${REPOSITORY}/branches`, permission: 'contents: read' },
  tags: { what: 'list Git tags', route: `${REPOSITORY}/tags`, permission: 'contents: read' },
  releases: { what: 'list releases', route: `${REPOSITORY}/releases`, permission: 'contents: read' },
}

/**
 * Reads what is alive on GitHub, the lists that are asked for and each of them whole.
 * @throws WardenError where one could not be: what it would protect is not known
 */
export async function readLiveRefs(ask: AskGitHub, lists: ReadonlySet<RefList>): Promise<LiveRefs> {
  const read = async <T>(list: RefList, parse: (data: unknown) => readonly T[]): Promise<readonly T[]> =>
    lists.has(list) ? await readList(ask, SPECS[list], parse) : []
  return {
    pullRequests: await read('pullRequests', githubAnswers.openPullRequests),
    branches: await read('branches', githubAnswers.branches),
    tags: await read('tags', githubAnswers.gitTags),
    releases: await read('releases', githubAnswers.releases),
  }
}

/**
 * Pages until one is neither full nor followed by another: a proxy may have lost the header. What a ref that
 * goes meanwhile moves to a page that was read already is found by reading once more.
 */
async function readList<T>(
  ask: AskGitHub,
  spec: ListSpec,
  parse: (data: unknown) => readonly T[],
): Promise<readonly T[]> {
  const first = await readPages(ask, spec, parse)
  if (first.pages === 1) return first.entries
  const again = await readPages(ask, spec, parse)
  return [...first.entries, ...again.entries]
}

async function readPages<T>(ask: AskGitHub, spec: ListSpec, parse: (data: unknown) => readonly T[]) {
  const entries: T[] = []
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const found = await readPage(ask, spec, page)
    const parsed = parse(found.data)
    entries.push(...parsed)
    const leadsOn = found.link !== null && nextPageQuery([found.link]) !== null
    if (!leadsOn && parsed.length < PAGE) return { entries, pages: page }
  }
  throw new WardenError('protocol', `GitHub: ${spec.what}: there are more than ${MAX_PAGES} pages`, {
    advice: 'Nothing is deleted, since a list that is not whole may hide a ref that is alive',
  })
}

async function readPage(ask: AskGitHub, { what, route, permission, parameters }: ListSpec, page: number) {
  try {
    return await ask({ what, route, parameters: { ...parameters, per_page: PAGE, page } })
  } catch (error) {
    // GitHub answers 404 to who may not see a private repository
    if (!(error instanceof WardenError) || !['denied', 'not-found'].includes(error.kind)) throw error
    throw new WardenError(error.kind, `protect-refs: ${error.message}`, {
      advice: `Give the job "permissions: ${permission}" beside its others; nothing is deleted without this list`,
      exchange: error.exchange,
      cause: error,
    })
  }
}
