import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { believed } from '../domain/quantities/timestamp.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { Damage, HeldManifest, LayerLink, UnfinishedUpload } from '../domain/storage/garbage.ts'
import { sanitiseLine } from '../domain/text.ts'
import { UNFINISHED } from './files.ts'
import type { ForeignEntry, StorageFiles } from './files.ts'
import {
  layerFolder,
  layersFolder,
  manifestsFolder,
  revisionFolder,
  revisionsFolder,
  removedFolder,
  repositoryFolder,
  tagFolder,
  tagLink,
  uploadsFolder,
} from './layout.ts'
import { digestFolders, hasRevision, isStoredAsNamed, listTagNames, readLink, storedAs } from './links.ts'
import { findRepositories } from './repositories.ts'

/** What all repositories hold, as their links say. */
export interface RepositoryScan {
  readonly repositories: readonly string[]
  readonly holdings: HeldManifest[]
  readonly pinned: Digest[]
  readonly uploads: UnfinishedUpload[]
  /** by the digests that the blobs are stored by */
  readonly layerLinks: Map<Digest, LayerLink[]>
  readonly aliases: Map<Digest, Digest[]>
  readonly damage: Damage[]
}

/** Reads the links of every repository. What cannot be read is damage that hides what is needed. */
export async function scanRepositories(files: StorageFiles): Promise<RepositoryScan> {
  const { repositories, foreign } = await findRepositories(files)
  const scan: RepositoryScan = {
    repositories,
    holdings: [],
    pinned: [],
    uploads: [],
    layerLinks: new Map(),
    aliases: new Map(),
    damage: [],
  }
  // a folder of links by another name may be all that is left of what something needs
  const hides = ({ path, kind }: ForeignEntry) => kind !== 'file' || path.endsWith('/link')
  for (const entry of foreign) scan.damage.push(foreignDamage(entry, hides(entry)))
  for (const repository of repositories) {
    for (const look of [scanRevisions, scanTags, scanLayers, scanUploads])
      await orDamage(scan.damage, repository, () => look(files, repository, scan))
  }
  return scan
}

/** Does a part of the scan; where that fails, nobody knows what else is there. */
export async function orDamage(damage: Damage[], path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    damage.push({ path, what: `could not be read: ${error.message}`, hides: true })
  }
}

async function scanRevisions(files: StorageFiles, repository: string, scan: RepositoryScan): Promise<void> {
  const { digests, foreign } = await digestFolders(files, revisionsFolder(repository))
  scan.damage.push(...foreign.map((entry) => foreignDamage(entry)))
  for (const { name, kind } of (await files.list(manifestsFolder(repository))) ?? []) {
    const path = `${manifestsFolder(repository)}/${name}`
    const isOurs = path === removedFolder(repository)
    if (!isOurs && !(kind === 'folder' && (name === 'tags' || name === 'revisions')))
      scan.damage.push(foreignDamage({ path, kind }, kind !== 'file'))
  }
  for (const digest of digests) {
    const folder = revisionFolder(repository, digest)
    await orDamage(scan.damage, folder, async () => {
      // what the registry leaves of a manifest that it deleted
      if ((await files.facts(`${folder}/link`)) === null) return
      // a root even where the link is damaged
      scan.holdings.push({ repository, digest })
      const signatures = await digestFolders(files, `${folder}/signatures`)
      scan.pinned.push(...signatures.digests)
      scan.damage.push(...signatures.foreign.map((entry) => foreignDamage(entry)))
      await hasRevision(files, repository, digest)
    })
  }
}

/**
 * Tags decide nothing here, since every manifest stays that was not deleted; what is wrong with them is told.
 */
async function scanTags(files: StorageFiles, repository: string, scan: RepositoryScan): Promise<void> {
  const names = await listTagNames(files, repository)
  scan.damage.push(...(names?.foreign ?? []).map((entry) => foreignDamage(entry)))
  const held = new Set(scan.holdings.flatMap((each) => (each.repository === repository ? [each.digest] : [])))
  for (const tag of [...(names?.tags ?? []), ...(names?.strange ?? [])]) {
    const path = tagFolder(repository, tag)
    const tell = (what: string) => scan.damage.push({ path, what, hides: false })
    try {
      const digest = await readLink(files, tagLink(repository, tag))
      if (digest === null) tell('has no current/link')
      else if (!held.has(digest)) {
        tell(`names ${digest}, which the repository does not have`)
        scan.pinned.push(digest)
      }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      const isEmptyOrTorn = error.kind === 'integrity'
      scan.damage.push({ path, what: `is damaged: ${error.message}`, hides: !isEmptyOrTorn })
    }
  }
}

/** The registry makes it with the first manifest, and a delete leaves it. */
const NO_MANIFESTS = 'has layers, but no _manifests: its first push did not finish, or it was copied in part'

async function scanLayers(files: StorageFiles, repository: string, scan: RepositoryScan): Promise<void> {
  const { digests, foreign } = await digestFolders(files, layersFolder(repository))
  scan.damage.push(...foreign.map((entry) => foreignDamage(entry)))
  if (digests.length > 0 && (await files.list(manifestsFolder(repository))) === null)
    scan.damage.push({ path: repositoryFolder(repository), what: NO_MANIFESTS, hides: false })
  for (const digest of digests) {
    const folder = layerFolder(repository, digest)
    const link = { repository, digest, folder }
    if (isStoredAsNamed(digest)) append(scan.layerLinks, digest, link)
    else
      await orDamage(scan.damage, folder, async () => {
        const stored = await storedAs(files, repository, digest)
        if (stored === null) return
        append(scan.aliases, digest, stored)
        append(scan.layerLinks, stored, link)
      })
  }
}

function append<V>(map: Map<Digest, V[]>, key: Digest, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

async function scanUploads(files: StorageFiles, repository: string, scan: RepositoryScan): Promise<void> {
  for (const { name } of (await files.list(uploadsFolder(repository))) ?? []) {
    const path = `${uploadsFolder(repository)}/${name}`
    const active = await lastActive(files, path)
    scan.uploads.push({ path, active })
    scan.damage.push({ path, what: 'is an upload that was not finished', hides: false })
  }
}

const STARTED_AT = 256

/** The latest of what the upload's files, and its own note of when it began, say. */
async function lastActive(files: StorageFiles, path: string): Promise<Timestamp | null> {
  const own = await files.facts(path)
  if (own === null || own.kind === 'other') return null
  let latest: Timestamp = own.modified
  for (const { name, kind } of (await files.list(path)) ?? []) {
    const below = kind === 'folder' ? await lastActive(files, `${path}/${name}`) : null
    const at = below ?? (await files.facts(`${path}/${name}`))?.modified ?? null
    if (at !== null && at > latest) latest = at
  }
  const note = await files.read(`${path}/startedat`, STARTED_AT).catch(() => null)
  const started = note === null ? null : believed(Date.parse(note.toString('utf8').trim()))
  return started !== null && started > latest ? started : latest
}

/**
 * What is not the registry's is left alone. A link, which is not followed, may lead to what something needs,
 * and so may a folder where there is none to be expected.
 */
export function foreignDamage({ path, kind }: ForeignEntry, hides = kind === 'other'): Damage {
  return { path: sanitiseLine(path, 500), what: foreignWords(path, kind), hides }
}

function foreignWords(path: string, kind: ForeignEntry['kind']): string {
  if (kind === 'other') return 'is a link, a pipe or a device, which is not followed'
  if (path.endsWith(UNFINISHED))
    return 'is what an undo left that was stopped: run it again, or delete the file'
  return "is not the registry's"
}
