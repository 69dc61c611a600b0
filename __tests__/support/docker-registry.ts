import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { debianProgram, type Program } from './debian-program.ts'
import { memoryFolder } from './memory-folder.ts'
import { repositoryOnDisk, storedBytes, type RepositoryOnDisk } from './registry-disk.ts'
import { basic, type PushTarget } from './push.ts'
import type { Certificate } from './loopback.ts'
import type { TokenServer } from './token-server.ts'

const run = promisify(execFile)

/** The accounts of `auth: 'htpasswd'`. distribution knows bcrypt only; these hashes have its lowest cost. */
export const ADMIN = { username: 'warden', password: 'correct horse battery staple' } as const
const HTPASSWD = `${ADMIN.username}:$2b$04$d4b9RVf5VJelnIuum4SDt.hQ1Ge814F6AQzdeCIQpIEz16ZYRlpEu\n`

/** Go's collector takes half of the time of a small server; memory is not short. */
const FRUGAL = { GOGC: '1000', GOMAXPROCS: '1' } as const

export interface DockerRegistryOptions {
  /**
   * default `none`; a token server stands for token authentication, and must have an account `ADMIN.username`
   */
  readonly auth?: 'none' | 'htpasswd' | TokenServer
  /** manifests and blobs can be deleted; default true */
  readonly deletes?: boolean
  readonly readonly?: boolean
  /** speaks TLS with it */
  readonly certificate?: Certificate
  /** storage folder of an earlier registry; default a new one, removed by `stop` */
  readonly storage?: string
}

/** Debian's docker-registry (distribution 2.8) in a process of its own. */
export interface DockerRegistry {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** `127.0.0.1:<port>` */
  readonly host: string
  readonly storage: string
  /** where and as whom to push to a repository, with every right */
  readonly target: (repository: string) => PushTarget
  /** what the storage folder holds for a repository */
  readonly disk: (repository: string) => Promise<RepositoryOnDisk>
  /** bytes of all blobs and manifests of all repositories in the storage folder */
  readonly storedBytes: () => Promise<number>
  /** runs `docker-registry garbage-collect` on the storage and returns what it printed */
  readonly garbageCollect: (options?: { deleteUntagged?: boolean }) => Promise<string>
  readonly stop: () => Promise<void>
}

export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const program = await debianProgram('docker-registry')
  const home = await memoryFolder('docker-registry-')
  const storage = options.storage ?? join(home, 'storage')
  const configFile = join(home, 'config.yml')
  await writeFile(configFile, stringify(await configuration(home, storage, options)))
  const child = spawn(program.path, ['serve', configFile], {
    env: { ...program.env, PATH: process.env['PATH'], ...FRUGAL },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // a test process that ends without `stop` must not leave a server behind
  const kill = (): void => void child.kill()
  process.once('exit', kill)
  const host = await listening(child)
  const origin = `${options.certificate === undefined ? 'http' : 'https'}://${host}`
  return {
    origin,
    host,
    storage,
    target: (repository) => ({ origin, repository, authorization: authorization(options.auth, repository) }),
    disk: (repository) => repositoryOnDisk(storage, repository),
    storedBytes: () => storedBytes(storage),
    garbageCollect: (gc = {}) => garbageCollect(program, configFile, gc.deleteUntagged ?? false),
    stop: async () => {
      process.off('exit', kill)
      await ended(child)
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function garbageCollect(
  program: Program,
  configFile: string,
  deleteUntagged: boolean,
): Promise<string> {
  const flags = deleteUntagged ? ['--delete-untagged'] : []
  const { stdout, stderr } = await run(program.path, ['garbage-collect', ...flags, configFile], {
    env: { ...program.env, PATH: process.env['PATH'] },
  })
  return stdout + stderr
}

async function configuration(
  home: string,
  storage: string,
  options: DockerRegistryOptions,
): Promise<unknown> {
  return {
    version: 0.1,
    log: { accesslog: { disabled: true }, level: 'info', formatter: 'json' },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: options.deletes ?? true },
      maintenance: {
        uploadpurging: { enabled: false },
        readonly: { enabled: options.readonly ?? false },
      },
    },
    http: {
      addr: '127.0.0.1:0',
      secret: 'loopback only',
      ...(await tlsConfiguration(home, options.certificate)),
    },
    compatibility: { schema1: { enabled: true } },
    // without this, manifests with foreign layers are refused
    validation: { manifests: { urls: { allow: ['^https://'] } } },
    ...(await authConfiguration(home, options.auth ?? 'none')),
  }
}

async function tlsConfiguration(home: string, pair: Certificate | undefined): Promise<object> {
  if (pair === undefined) return {}
  const [certificate, key] = [join(home, 'tls.crt'), join(home, 'tls.key')]
  await Promise.all([writeFile(certificate, pair.cert), writeFile(key, pair.key)])
  return { tls: { certificate, key } }
}

async function authConfiguration(
  home: string,
  auth: NonNullable<DockerRegistryOptions['auth']>,
): Promise<object> {
  if (auth === 'none') return {}
  if (auth === 'htpasswd') {
    const path = join(home, 'htpasswd')
    await writeFile(path, HTPASSWD)
    return { auth: { htpasswd: { realm: 'warden tests', path } } }
  }
  const rootcertbundle = join(home, 'token.pem')
  await writeFile(rootcertbundle, auth.certificate)
  const { service, issuer } = auth
  return { auth: { token: { realm: `${auth.origin}/token`, service, issuer, rootcertbundle } } }
}

function authorization(auth: DockerRegistryOptions['auth'], repository: string): string | undefined {
  if (auth === undefined || auth === 'none') return undefined
  if (auth === 'htpasswd') return basic(ADMIN.username, ADMIN.password)
  return `Bearer ${auth.mint(ADMIN.username, `repository:${repository}:pull,push,delete`)}`
}

/** Resolves with the address from the log: the kernel chose the port, so nothing else can take it first. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    const read = (text: Buffer): void => {
      log += text.toString()
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(log)
      if (!found?.[1]) return
      resolve(found[1])
      // it logs each request, and would stop at a full pipe
      for (const output of [child.stdout, child.stderr]) output?.off('data', read).resume()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`docker-registry ended with ${code}: ${log.slice(-2000)}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve()
    child.once('exit', () => resolve())
    child.kill()
  })
}
