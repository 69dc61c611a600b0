import { WardenError } from '../domain/errors.ts'
import { formatRepository, repositoryFromCatalog } from '../domain/names/reference.ts'
import { isStorageFolder } from '../domain/names/registry.ts'
import type { Registry, Repository } from '../domain/names/reference.ts'
import type { ReadCatalog } from '../domain/ports.ts'
import type { RepositoryGlob } from '../domain/names/repository-glob.ts'

type RepositoryChoice =
  | { readonly kind: 'one'; readonly repository: Repository }
  | { readonly kind: 'glob'; readonly glob: RepositoryGlob }

/** What a pattern found in a registry's catalog. */
export interface GlobMatch {
  readonly repositories: readonly Repository[]
  /** all that the catalog has, as the registry wrote them */
  readonly catalog: readonly string[]
  /** entries that the pattern matches, but that are not names a client could ask for */
  readonly unusable: readonly string[]
}

/**
 * Matches patterns against catalogs, each of which is read once.
 * @throws WardenError where a registry shows none, with what to write instead
 */
export function openCatalogs(readCatalog: ReadCatalog): (glob: RepositoryGlob) => Promise<GlobMatch> {
  const catalogs = new Map<string, Promise<readonly string[]>>()

  async function catalogOf(registry: Registry, owner: string | null): Promise<readonly string[]> {
    try {
      return await readCatalog(registry, owner)
    } catch (error) {
      if (!(error instanceof WardenError) || !['unsupported', 'denied', 'unauthorized'].includes(error.kind))
        throw error
      // whoever may not read a folder has no login to mend
      if (isStorageFolder(registry)) throw error
      // who knows the vendor has said what to write
      if (error.kind === 'unsupported' && error.advice !== null) throw error
      const advice = `${registry.host} shows no catalog to these credentials: name the repositories in image`
      throw new WardenError(error.kind, error.message, { advice, exchange: error.exchange, cause: error })
    }
  }

  return async ({ registry, pattern, owner }) => {
    const key = `${registry.origin} ${owner ?? ''}`
    const reading = catalogs.get(key) ?? catalogOf(registry, owner)
    catalogs.set(key, reading)
    const catalog = await reading
    const repositories: Repository[] = []
    const unusable: string[] = []
    for (const path of catalog) {
      if (!pattern.matches(path)) continue
      const repository = repositoryFromCatalog(registry, path)
      if (repository === null) unusable.push(path)
      else repositories.push(repository)
    }
    return { repositories, catalog, unusable }
  }
}

/** A pattern that found nothing, and what there is instead. */
export function noMatch(
  { pattern, registry }: RepositoryGlob,
  { catalog, unusable }: GlobMatch,
): WardenError {
  const advice =
    catalog.length === 0
      ? 'Its catalog is empty, or shows nothing to these credentials: name the repositories'
      : `Its catalog has ${catalog.length === 1 ? '1 repository' : `${catalog.length} repositories`}, ` +
        (unusable.length === 0 ? `the first is ${catalog[0]}` : `but ${unusable[0]} is not a valid name`)
  return new WardenError(
    'input',
    `input image: ${pattern.source} matches no repository of ${registry.host}`,
    {
      advice,
    },
  )
}

/**
 * The repositories that were named, each once; a catalog is read only for patterns, once per registry.
 * @throws WardenError of kind `input` for a pattern that matches nothing
 */
export async function expandRepositories(
  choices: readonly RepositoryChoice[],
  readCatalog: ReadCatalog,
): Promise<Repository[]> {
  const found = new Map<string, Repository>()
  const matchesOf = openCatalogs(readCatalog)
  for (const choice of choices) {
    const repositories = choice.kind === 'one' ? [choice.repository] : await matching(choice.glob)
    for (const repository of repositories) found.set(repositoryKey(repository), repository)
  }
  return [...found.values()]

  async function matching(glob: RepositoryGlob): Promise<readonly Repository[]> {
    const match = await matchesOf(glob)
    if (match.repositories.length === 0) throw noMatch(glob, match)
    return match.repositories
  }
}

/** Two repositories are the same when this is. */
export function repositoryKey({ registry, path }: Repository): string {
  return `${registry.origin}/${path}`
}

/**
 * A plan is only applied where this run would prune, too.
 * @throws WardenError of kind `input` for a plan of other repositories
 */
export function checkReviewed(
  reviewed: readonly { readonly repository: string }[],
  repositories: readonly Repository[],
): void {
  const names = new Set(repositories.map(formatRepository))
  const foreign = reviewed.find(({ repository }) => !names.has(repository))
  if (foreign === undefined) return
  throw new WardenError(
    'input',
    `input apply-plan: the plan names ${foreign.repository}, but image does not`,
    {
      advice: 'Give the same image and policy inputs as in the run that wrote the plan',
    },
  )
}
