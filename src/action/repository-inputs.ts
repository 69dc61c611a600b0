import { parseRepository } from '../domain/names/reference.ts'
import type { Registry, Repository } from '../domain/names/reference.ts'
import { isRepositoryGlob, parseRepositoryGlob } from '../domain/names/repository-glob.ts'
import type { RepositoryGlob } from '../domain/names/repository-glob.ts'

/** One line of `image`: a repository, or a pattern over a registry's catalog. */
export type RepositoryInput =
  | { readonly kind: 'one'; readonly repository: Repository }
  | { readonly kind: 'glob'; readonly glob: RepositoryGlob }

/** @throws WardenError of kind `input`, also for a tag or digest behind the repository */
export function parseRepositoryInput(text: string, registry: Registry): RepositoryInput {
  return isRepositoryGlob(text)
    ? { kind: 'glob', glob: parseRepositoryGlob(text, registry, 'image') }
    : { kind: 'one', repository: parseRepository(text, registry, 'image') }
}
