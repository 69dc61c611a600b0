import { WardenError } from '../../domain/errors.ts'
import type { Check } from '../../domain/list/check.ts'
import { line } from '../../domain/list/judge-probe.ts'
import { compareNaturally } from '../../domain/names/natural-order.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import type { Repository } from '../../domain/names/reference.ts'
import type { RepositoryGlob } from '../../domain/names/repository-glob.ts'
import type { ReadCatalog } from '../../domain/ports.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { noMatch, openCatalogs, repositoryKey } from '../repositories.ts'

export interface FoundRepository {
  readonly repository: Repository
  /** the inputs name it; else a catalog does */
  readonly isNamed: boolean
}

interface Found {
  /** each once, in natural order */
  readonly found: readonly FoundRepository[]
  readonly checks: readonly Check[]
}

type Choice =
  | { readonly kind: 'one'; readonly repository: Repository }
  | { readonly kind: 'glob'; readonly glob: RepositoryGlob }

/** What `image` names and its patterns match; a catalog that cannot be read is a check that fails. */
export async function findRepositories(choices: readonly Choice[], readCatalog: ReadCatalog): Promise<Found> {
  const found = new Map<string, FoundRepository>()
  const checks: Check[] = []
  const matchesOf = openCatalogs(readCatalog)
  for (const choice of choices) {
    if (choice.kind === 'one') {
      found.set(repositoryKey(choice.repository), { repository: choice.repository, isNamed: true })
      continue
    }
    try {
      const match = await matchesOf(choice.glob)
      checks.push(catalogCheck(choice.glob, match))
      for (const repository of match.repositories) {
        const key = repositoryKey(repository)
        if (!found.has(key)) found.set(key, { repository, isNamed: false })
      }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      checks.push(line('catalog', 'fail', error.line))
    }
  }
  const named = [...found.values()].map((each) => ({ each, name: formatRepository(each.repository) }))
  return {
    found: named.toSorted((a, b) => compareNaturally(a.name, b.name)).map(({ each }) => each),
    checks,
  }
}

function catalogCheck(
  glob: RepositoryGlob,
  match: Awaited<ReturnType<ReturnType<typeof openCatalogs>>>,
): Check {
  const { repositories, catalog, unusable } = match
  const { host } = glob.registry
  if (unusable.length > 0) {
    const names = `${unusable.length} of its names cannot be asked for, such as ${sanitiseLine(unusable[0] ?? '', 80)}`
    return line('catalog', 'warn', `the catalog of ${host}: ${names}; these are left out`)
  }
  if (repositories.length === 0 && catalog.length > 0)
    return line('catalog', 'warn', noMatch(glob, match).line)
  const all = catalog.length === 1 ? '1 repository' : `${catalog.length} repositories`
  const which = glob.pattern.source === '*' ? '' : `, ${repositories.length} match ${glob.pattern.source}`
  return line('catalog', 'pass', `the catalog of ${host} has ${all}${which}`)
}
