import type { Registry } from '../domain/names/reference.ts'
import { parseRepositoryGlob } from '../domain/names/repository-glob.ts'
import { parseTagPatterns } from './tag-patterns.ts'
import type { TagFilter } from '../domain/size/selection.ts'
import type { InputReader } from './input-reader.ts'
import { parseRepositoryInput } from './repository-inputs.ts'
import type { RepositoryInput } from './repository-inputs.ts'

/** GitHub's limit on the jobs of one matrix. */
const MAX_SHARDS = 256

export interface ListSettings {
  /** never empty: nothing named is the pattern `*` */
  readonly repositories: readonly RepositoryInput[]
  readonly tags: TagFilter
  readonly shards: number
}

/**
 * Reads the inputs of `mode: list`.
 * @throws WardenError of kind `input`
 */
export function parseList(reader: InputReader, registry: Registry): ListSettings {
  const lines = reader.list('image')
  const wanted = reader.list('tags')
  return {
    repositories:
      lines.length === 0
        ? [{ kind: 'glob', glob: parseRepositoryGlob('*', registry, 'image') }]
        : lines.map((line) => parseRepositoryInput(line, registry)),
    tags: {
      include:
        wanted.length === 0 || (wanted.length === 1 && wanted[0] === 'all')
          ? 'all'
          : parseTagPatterns(wanted, 'tags'),
      exclude: parseTagPatterns(reader.list('exclude-tags'), 'exclude-tags'),
    },
    shards: reader.count('shards', 1, MAX_SHARDS),
  }
}
