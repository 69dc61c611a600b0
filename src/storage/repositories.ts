import type { FolderEntry, ForeignEntry, StorageFiles } from './files.ts'
import { REPOSITORIES } from './layout.ts'

export interface FoundRepositories {
  /** paths of repositories, sorted */
  readonly repositories: readonly string[]
  /** full paths of what is neither a repository nor on the way to one */
  readonly foreign: readonly ForeignEntry[]
}

/** Repository names have at most 255 characters, so no more parts than that. */
const DEEPEST = 128
const OWN: ReadonlySet<string> = new Set(['_layers', '_manifests', '_uploads'])

/** Every repository of the storage folder: what has layers, manifests or uploads, however deep it is. */
export async function findRepositories(files: StorageFiles): Promise<FoundRepositories> {
  const repositories: string[] = []
  const foreign: ForeignEntry[] = []
  const walk = async (path: string, depth: number): Promise<void> => {
    const folder = path === '' ? REPOSITORIES : `${REPOSITORIES}/${path}`
    const entries = (await files.list(folder)) ?? []
    const isOwn = ({ name, kind }: FolderEntry) => path !== '' && OWN.has(name) && kind === 'folder'
    if (entries.some(isOwn)) repositories.push(path)
    for (const entry of entries) {
      const { name, kind } = entry
      if (isOwn(entry)) continue
      const isOdd = OWN.has(name) || depth > DEEPEST
      if (kind !== 'folder' || isOdd) foreign.push({ path: `${folder}/${name}`, kind })
      else await walk(path === '' ? name : `${path}/${name}`, depth + 1)
    }
  }
  await walk('', 0)
  return { repositories: repositories.toSorted(), foreign }
}
