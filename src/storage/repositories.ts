import type { FolderEntry, StorageFiles } from './files.ts'
import { REPOSITORIES } from './layout.ts'

export interface FoundRepositories {
  /** paths of repositories, sorted */
  readonly repositories: readonly string[]
  /** full paths of what is neither a repository nor on the way to one */
  readonly foreign: readonly { readonly path: string; readonly kind: FolderEntry['kind'] }[]
}

/** Repository names have at most 255 characters, so no more parts than that. */
const DEEPEST = 128
const OWN: ReadonlySet<string> = new Set(['_layers', '_manifests', '_uploads'])

/** Every repository of the storage folder: what has layers, manifests or uploads, however deep it is. */
export async function findRepositories(files: StorageFiles): Promise<FoundRepositories> {
  const repositories: string[] = []
  const foreign: { path: string; kind: FolderEntry['kind'] }[] = []
  const walk = async (path: string, depth: number): Promise<void> => {
    const folder = path === '' ? REPOSITORIES : `${REPOSITORIES}/${path}`
    const entries = (await files.list(folder)) ?? []
    if (entries.some(({ name, kind }) => OWN.has(name) && kind === 'folder')) repositories.push(path)
    for (const { name, kind } of entries) {
      if (OWN.has(name) && kind === 'folder') continue
      // no repository's name begins so
      if (kind !== 'folder' || name.startsWith('_') || depth > DEEPEST)
        foreign.push({ path: `${folder}/${name}`, kind })
      else await walk(path === '' ? name : `${path}/${name}`, depth + 1)
    }
  }
  await walk('', 0)
  return { repositories: repositories.toSorted(), foreign }
}
