import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../domain/environment.ts'
import type { CredentialTarget } from './credential.ts'
import { hostKeys } from './docker-config.ts'

/** Files as the keychain sees them. */
export interface FileAccess {
  /** Null: there is no such file. Every other failure throws. */
  readonly readText: (path: string) => Promise<string | null>
  /** Names in a folder; empty where there is none. */
  readonly listFolder: (path: string) => Promise<readonly string[]>
}

/** One place that may hold a login. */
export interface CredentialPlace {
  /** how people know it: a variable or a path */
  readonly name: string
  readonly read: () => Promise<string | null>
}

/** Larger files are not credential files. */
const MAX_BYTES = 1024 * 1024

/**
 * Where Docker, docker/login-action, Buildx and Podman leave logins for a target, in the order in which they
 * are asked: DOCKER_AUTH_CONFIG, Buildx's per-repository files, Docker's file, REGISTRY_AUTH_FILE, Podman's
 * files.
 */
export async function credentialPlaces(
  target: CredentialTarget,
  env: Environment,
  home: string,
  files: FileAccess,
): Promise<readonly CredentialPlace[]> {
  const inline = env['DOCKER_AUTH_CONFIG'] ?? ''
  const dockerFolder = nonEmpty(env['DOCKER_CONFIG']) ?? join(home, '.docker')
  const buildxFolder = nonEmpty(env['BUILDX_CONFIG']) ?? join(dockerFolder, 'buildx')
  const runtimeFolder = nonEmpty(env['XDG_RUNTIME_DIR'])
  const paths = [
    ...(await scopedFiles(target, join(buildxFolder, 'config'), files)),
    join(dockerFolder, 'config.json'),
    nonEmpty(env['REGISTRY_AUTH_FILE']),
    runtimeFolder === null ? null : join(runtimeFolder, 'containers', 'auth.json'),
    join(nonEmpty(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'containers', 'auth.json'),
  ]
  const distinct = [...new Set(paths.filter((path) => path !== null))]
  const places = distinct.map((path) => ({ name: path, read: () => files.readText(path) }))
  return inline.trim() === '' ? places : [{ name: 'DOCKER_AUTH_CONFIG', read: async () => inline }, ...places]
}

/**
 * What docker/login-action ≥ 3.7 writes for its input `scope` instead of Docker's file:
 * `<registry>[/<repository>][@<actions>]/config.json` [docker/buildx PR 3562]. A file of the repository comes
 * before one of the registry, and one that allows pulling before one that does not.
 */
async function scopedFiles(
  { registry, path }: CredentialTarget,
  base: string,
  files: FileAccess,
): Promise<readonly string[]> {
  const hosts = hostKeys(registry).flatMap((host) =>
    host === 'docker.io' ? ['registry-1.docker.io', 'docker.io', 'index.docker.io'] : [host],
  )
  const names = [...(path === null ? [] : hosts.map((host) => `${host}/${path}`)), ...hosts]
  const found = await Promise.all(names.map((name) => scopedFolders(base, name, files)))
  return found.flat().map((folder) => join(folder, 'config.json'))
}

async function scopedFolders(base: string, name: string, files: FileAccess): Promise<readonly string[]> {
  const slash = name.lastIndexOf('/')
  const parent = slash < 0 ? base : join(base, name.slice(0, slash))
  const leaf = name.slice(slash + 1)
  const entries = (await files.listFolder(parent)).filter(
    (entry) => entry === leaf || entry.startsWith(`${leaf}@`),
  )
  return entries
    .toSorted((a, b) => scopeRank(a) - scopeRank(b) || (a < b ? -1 : 1))
    .map((entry) => join(parent, entry))
}

function scopeRank(entry: string): number {
  const at = entry.indexOf('@')
  if (at < 0) return 1
  const actions = entry.slice(at + 1).split(',')
  return actions.includes('pull') || actions.includes('*') ? 0 : 2
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

/** The file system of this machine. */
export const localFiles: FileAccess = {
  readText: async (path) => {
    try {
      // a pipe that nobody writes to must not hold the run
      await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
      const status = await file.stat()
      if (!status.isFile()) throw new Error('not a plain file')
      if (status.size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`)
      return await file.readFile('utf8')
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  },
  listFolder: async (path) => {
    try {
      return await readdir(path)
    } catch (error) {
      if (isAbsent(error)) return []
      throw error
    }
  },
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOENT' || code === 'ENOTDIR'
}
