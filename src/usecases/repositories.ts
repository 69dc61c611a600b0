import { WardenError } from '../domain/errors.ts'
import { formatRepository, repositoryFromCatalog } from '../domain/names/reference.ts'
import type { Registry, Repository } from '../domain/names/reference.ts'
import type { ReadCatalog } from '../domain/ports.ts'
import type { RepositoryGlob } from '../domain/names/repository-glob.ts'

type RepositoryChoice =
  | { readonly kind: 'one'; readonly repository: Repository }
  | { readonly kind: 'glob'; readonly glob: RepositoryGlob }

/**
 * The repositories that were named, each once; a catalog is read only for patterns, once per registry.
 * @throws WardenError of kind `input` for a pattern that matches nothing
 */
export async function expandRepositories(
  choices: readonly RepositoryChoice[],
  readCatalog: ReadCatalog,
): Promise<Repository[]> {
  const found = new Map<string, Repository>()
  const catalogs = new Map<string, readonly string[]>()
  for (const choice of choices) {
    const repositories = choice.kind === 'one' ? [choice.repository] : await matching(choice.glob)
    for (const repository of repositories)
      found.set(`${repository.registry.origin}/${repository.path}`, repository)
  }
  return [...found.values()]

  async function catalogOf(registry: Registry, owner: string | null): Promise<readonly string[]> {
    try {
      return await readCatalog(registry, owner)
    } catch (error) {
      if (!(error instanceof WardenError) || !['unsupported', 'denied', 'unauthorized'].includes(error.kind))
        throw error
      // who knows the vendor has said what to write
      if (error.kind === 'unsupported' && error.advice !== null) throw error
      const advice = `${registry.host} shows no catalog to these credentials: name the repositories in image`
      throw new WardenError(error.kind, error.message, { advice, exchange: error.exchange, cause: error })
    }
  }

  async function matching({ registry, pattern, owner }: RepositoryGlob): Promise<Repository[]> {
    const key = `${registry.origin} ${owner ?? ''}`
    const paths = catalogs.get(key) ?? (await catalogOf(registry, owner))
    catalogs.set(key, paths)
    const matches = paths
      .filter(pattern.matches)
      .map((path) => repositoryFromCatalog(registry, path))
      .filter((repository) => repository !== null)
    if (matches.length === 0) {
      throw new WardenError(
        'input',
        `input image: ${pattern.source} matches no repository of ${registry.host}`,
        {
          advice:
            paths.length === 0
              ? 'Its catalog is empty, or shows nothing to these credentials: name the repositories'
              : `Its catalog has ${paths.length === 1 ? '1 repository' : `${paths.length} repositories`}, the first is ${paths[0]}`,
        },
      )
    }
    return matches
  }
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
