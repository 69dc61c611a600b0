import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startEmbeddedRegistry, VENDORS } from './embedded-registry.ts'
import type { EmbeddedRegistry, Quirks } from './embedded-registry.ts'
import { startGitHubApi, type GitHubServer } from './github-api.ts'
import { mayAsk, servePermitted } from './workflow-github.ts'
import type { BuiltImage } from './images.ts'
import { certificateFor, startTunnels } from './named-hosts.ts'
import type { Account } from './token-issuer.ts'
import { servePackages, type Packages } from './vendors/github-packages.ts'
import type { Permissions } from './workflow-document.ts'

/** The repository on GitHub that every workflow belongs to. */
export const REPOSITORY = 'acme/api'
/** `${{ github.token }}` of every job; what it may do changes from job to job. */
export const TOKEN = 'ghs_token-of-the-job'

/** What a commit holds: files, and what a build of each context makes of them. */
export interface Commit {
  readonly files?: Readonly<Record<string, string>>
  readonly images?: Readonly<Record<string, BuiltImage>>
}

/** A registry beside GHCR. */
export interface OtherRegistry {
  /** user name to password; left out: everybody may do everything */
  readonly accounts?: Readonly<Record<string, string>>
  readonly quirks?: Quirks
}

export interface WorldOptions {
  /** registries by the host that requests go to; `ghcr.io` is always there */
  readonly registries?: Readonly<Record<string, OtherRegistry>>
  readonly secrets?: Readonly<Record<string, string>>
  /** a person's token that may read and delete packages; the job's own then opens none */
  readonly classicToken?: string
}

/** A registry, and what a login to it needs. */
export interface KnownHost {
  readonly registry: EmbeddedRegistry
  /** null: no login needed */
  readonly passwordOf: ((username: string) => string | undefined) | null
}

/** Everything outside a runner: registries under their real names, GitHub, commits and artifacts. */
export interface World {
  readonly hosts: ReadonlyMap<string, KnownHost>
  readonly ghcr: EmbeddedRegistry
  readonly packages: Packages
  readonly github: GitHubServer
  readonly secrets: Readonly<Record<string, string>>
  readonly commits: Map<string, Commit>
  /** by run, name and path */
  readonly artifacts: Map<string, Map<string, ReadonlyMap<string, Buffer>>>
  /** entries of the Actions cache by key, oldest first; each holds one file */
  readonly cache: Map<string, Buffer>
  /** what `${{ github.token }}` may do now */
  permissions: Permissions
  /** environment that makes the action find all this */
  readonly env: Readonly<Record<string, string>>
  /** puts an image into GHCR as pushed that many days ago */
  readonly seed: (repository: string, image: BuiltImage, tags: readonly string[], daysAgo?: number) => void
}

const DAY = 24 * 3600 * 1000

/** Starts a world that ends with the test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const hostNames = ['ghcr.io', ...Object.keys(options.registries ?? {})]
  const certificate = await certificateFor(hostNames)
  const now: { permissions: Permissions } = { permissions: {} }
  const { classicToken: token = TOKEN } = options
  const permissions = (): Permissions => (token === TOKEN ? now.permissions : { packages: 'write' })
  const ghcr = await startEmbeddedRegistry({
    certificate,
    quirks: VENDORS.ghcr,
    auth: { kind: 'token', service: 'ghcr.io', accounts: tokenHolders(permissions, token) },
  })
  // GHCR takes any user name beside a token
  const hosts = new Map<string, KnownHost>([['ghcr.io', { registry: ghcr, passwordOf: () => token }]])
  for (const [host, { accounts, quirks = {} }] of Object.entries(options.registries ?? {})) {
    const registry = await startEmbeddedRegistry({
      certificate,
      quirks,
      ...(accounts === undefined ? {} : { auth: { kind: 'token', accounts: pushers(accounts) } }),
    })
    hosts.set(host, { registry, passwordOf: accounts === undefined ? null : (name) => accounts[name] })
  }
  const dates = new Map<string, { created: string; updated: string }>()
  const github = await startGitHubApi({ token: TOKEN })
  const packages = await servePackages(ghcr, { path: REPOSITORY, token, dates })
  const api = await servePermitted({ github: github.apiUrl, packages: packages.origin }, (method, path) =>
    mayAsk(permissions(), method, path),
  )
  const proxy = await startTunnels((host) => hosts.get(host)?.registry.host ?? null)
  const folder = await mkdtemp(join(tmpdir(), 'world-'))
  await writeFile(join(folder, 'ca.pem'), certificate.cert)
  onTestFinished(async () => {
    await Promise.all(
      [proxy, api, github, ...[...hosts.values()].map((host) => host.registry)].map((each) => each.stop()),
    )
    await rm(folder, { recursive: true, force: true })
  })
  return Object.assign(now, {
    hosts,
    ghcr,
    packages,
    github,
    secrets: options.secrets ?? {},
    commits: new Map<string, Commit>(),
    artifacts: new Map<string, Map<string, ReadonlyMap<string, Buffer>>>(),
    cache: new Map<string, Buffer>(),
    env: {
      GITHUB_API_URL: api.origin,
      GITHUB_REPOSITORY: REPOSITORY,
      HTTPS_PROXY: proxy.origin,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    },
    seed: (repository: string, image: BuiltImage, tags: readonly string[], daysAgo = 0) => {
      const at = Date.now() - daysAgo * DAY
      ghcr.seed(repository, image, tags, at)
      const date = new Date(at).toISOString()
      for (const { digest } of image.manifests)
        if (!dates.has(digest)) dates.set(digest, { created: date, updated: date })
    },
  })
}

/** Who may come with a token: whoever started the run. */
function tokenHolders(permissions: () => Permissions, password: string): Record<string, Account> {
  const account = {
    password,
    get access() {
      const level = permissions().packages ?? 'none'
      return { '*': level === 'write' ? ['pull', 'push'] : level === 'read' ? ['pull'] : [] }
    },
  }
  return { octocat: account, mallory: account, 'dependabot[bot]': account }
}

function pushers(accounts: Readonly<Record<string, string>>): Record<string, Account> {
  const access = { '*': ['pull', 'push', 'delete'], 'registry:catalog': ['*'] }
  return Object.fromEntries(Object.entries(accounts).map(([name, password]) => [name, { password, access }]))
}
