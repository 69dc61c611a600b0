import type { IncomingMessage, ServerResponse } from 'node:http'
import { FACES, startEmbeddedRegistry, VENDORS } from '../embedded-registry.ts'
import type { EmbeddedRegistry, EmbeddedRegistryOptions, Exchange } from '../embedded-registry.ts'
import type { EmbeddedAuth } from '../embedded/access.ts'
import type { Store } from '../embedded/store.ts'
import { serveNamed, type NamedHosts } from '../named-hosts.ts'
import { acrApi } from './acr-api.ts'
import { AWS_ENV, serveEcr } from './ecr-api.ts'
import { servePackages } from './github-packages.ts'
import { gitlabRegistry, serveGitLab } from './gitlab-api.ts'
import { serveGoogle } from './google-api.ts'
import { harborApi } from './harbor-api.ts'
import { serveHub } from './hub-api.ts'
import { quayApi } from './quay-api.ts'
import { serveApi } from './stage.ts'

/** The pages of every list are this short, so that each is read over several. */
const PAGE = 2

/** A vendor's servers under its real names, and what a step needs to use them. */
export interface VendorWorld {
  readonly registry: EmbeddedRegistry
  readonly named: NamedHosts
  readonly inputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly githubToken?: string
}

interface Parts {
  readonly host: string
  readonly registry?: EmbeddedRegistryOptions
  /** what the vendor answers before its registry does */
  readonly beside?: (world: { readonly registry: () => EmbeddedRegistry }) => (exchange: Exchange) => boolean
  /** the vendor's other hosts */
  readonly others?: (registry: EmbeddedRegistry) => Promise<Readonly<Record<string, string>>>
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly githubToken?: string
}

async function start(parts: Parts): Promise<VendorWorld> {
  const { host, beside, others, inputs = {}, env = {} } = parts
  const held: { registry?: EmbeddedRegistry } = {}
  const intercept = beside?.({ registry: () => held.registry! })
  const registry = await startEmbeddedRegistry({ ...parts.registry, ...(intercept && { intercept }) })
  held.registry = registry
  const named = await serveNamed({ [host]: registry.origin, ...(await others?.(registry)) })
  return {
    registry,
    named,
    inputs: { registry: host, ...inputs },
    env: { ...named.env, ...env },
    ...(parts.githubToken === undefined ? {} : { githubToken: parts.githubToken }),
  }
}

const LOGIN = { username: 'ci', password: 'hunter2-hunter2' } as const

/** Tokens for one account that may do everything. */
const tokens = (
  change: Partial<Extract<EmbeddedAuth, { kind: 'token' }>> = {},
  { username, password }: { readonly username: string; readonly password: string } = LOGIN,
): EmbeddedAuth => ({
  kind: 'token',
  accounts: {
    [username]: {
      password,
      access: { '*': ['pull', 'push', 'delete', 'metadata_read'], 'registry:catalog': ['*'] },
    },
  },
  ...change,
})

/** The token server of a registry at another path or host than its own. */
const tokenServer =
  (registry: () => EmbeddedRegistry, path: string) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    if (new URL(request.url ?? '/', 'http://token').pathname !== path) return false
    void registry().issuer!.answer(request, response)
    return true
  }

const HUB = { username: 'acme', password: 'dckr_pat_secret' } as const
const GOOGLE = { username: 'oauth2accesstoken', password: 'ya29.access-token' } as const
const QUAY = { username: '$oauthtoken', password: 'quay-oauth-token' } as const
const GITLAB = { username: 'deployer', password: 'glpat-secret-token' } as const
const ECR = { username: 'AWS', password: 'password-of-twelve-hours' } as const
const ECR_HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const GITHUB_TOKEN = 'ghp_classic-token'

const gitlabAuth = (realm: string): EmbeddedAuth => tokens({ realm, service: 'container_registry' }, GITLAB)
const storeOf = (registry: () => EmbeddedRegistry) => (): Store => registry().store

/** How to start each vendor. */
export const WORLDS = {
  'registry:3': () =>
    start({
      host: 'registry.example.com',
      registry: { quirks: { ...VENDORS.distribution3, maxPage: PAGE }, auth: tokens() },
      inputs: LOGIN,
    }),
  'registry:2': () =>
    start({
      host: 'registry.example.com',
      registry: { quirks: VENDORS.distribution2, auth: { kind: 'basic', ...LOGIN } },
      inputs: LOGIN,
    }),
  'Docker Hub': () =>
    start({
      host: 'registry-1.docker.io',
      registry: {
        quirks: { ...VENDORS.dockerHub, cascades: true },
        auth: tokens({ realm: 'https://auth.docker.io/token', service: 'registry.docker.io' }, HUB),
      },
      others: async (registry) => ({
        'auth.docker.io': registry.origin,
        'hub.docker.com': (await serveHub(registry, { path: 'acme/api', page: PAGE, secret: HUB.password }))
          .origin,
      }),
      inputs: { ...HUB, registry: 'docker.io' },
    }),
  GHCR: () =>
    start({
      host: 'ghcr.io',
      registry: {
        quirks: VENDORS.ghcr,
        auth: tokens({ service: 'ghcr.io' }, { username: 'octocat', password: GITHUB_TOKEN }),
      },
      others: async (registry) => ({
        'api.github.com': (
          await servePackages(registry, {
            path: 'acme/api',
            token: GITHUB_TOKEN,
            page: PAGE,
            dates: 'pushed',
          })
        ).origin,
      }),
      env: { GITHUB_API_URL: 'https://api.github.com' },
      githubToken: GITHUB_TOKEN,
    }),
  'Google Artifact Registry': () =>
    start({
      host: 'europe-west1-docker.pkg.dev',
      registry: { quirks: VENDORS.gar, auth: tokens({ service: 'europe-west1-docker.pkg.dev' }, GOOGLE) },
      others: async ({ store }) => ({
        'artifactregistry.googleapis.com': await serveGoogle(store, {
          token: GOOGLE.password,
          location: 'europe-west1',
          page: 1,
        }),
      }),
      inputs: GOOGLE,
    }),
  ACR: () =>
    start({
      host: 'acme.azurecr.io',
      registry: {
        quirks: { ...VENDORS.acr, maxPage: PAGE },
        auth: tokens({ service: 'acme.azurecr.io' }),
      },
      beside: ({ registry }) => acrApi({ registry, page: PAGE }),
      inputs: LOGIN,
    }),
  'ECR, by its API': () =>
    start({
      host: ECR_HOST,
      registry: { quirks: VENDORS.ecr, auth: { kind: 'basic', ...ECR } },
      others: async (registry) => ({
        'api.ecr.eu-west-1.amazonaws.com': (
          await serveEcr(registry, { now: Date.now, login: ECR, page: PAGE })
        ).origin,
      }),
      env: AWS_ENV,
    }),
  'ECR, without AWS keys': () =>
    start({
      host: ECR_HOST,
      registry: { quirks: { ...VENDORS.ecr, noCatalog: true }, auth: { kind: 'basic', ...ECR } },
      inputs: ECR,
    }),
  'public.ecr.aws': () =>
    start({
      host: 'public.ecr.aws',
      registry: {
        quirks: {
          ...VENDORS.ecr,
          noCatalog: true,
          challengeScope: 'aws',
          tagDelete: 'method-not-allowed',
          digestDelete: 'method-not-allowed',
        },
        auth: tokens({ service: 'public.ecr.aws' }, ECR),
      },
      inputs: ECR,
    }),
  Quay: () =>
    start({
      host: 'quay.io',
      registry: { quirks: VENDORS.quay, auth: tokens({ service: 'quay.io' }, QUAY) },
      beside: ({ registry }) => quayApi({ store: storeOf(registry), token: QUAY.password, page: PAGE }),
      inputs: QUAY,
    }),
  'GitLab.com': () =>
    start({
      host: 'registry.gitlab.com',
      registry: {
        quirks: { ...VENDORS.gitlab, digestDelete: 'refuse-referenced', maxPage: PAGE },
        auth: gitlabAuth('https://gitlab.com/jwt/auth'),
      },
      beside: ({ registry }) => gitlabRegistry({ store: storeOf(registry), hasDatabase: true, page: PAGE }),
      others: async (registry) => ({ 'gitlab.com': await serveGitLabHost(registry) }),
      inputs: GITLAB,
    }),
  'GitLab, self-managed': () =>
    start({
      host: 'registry.example.com',
      registry: {
        quirks: { ...VENDORS.distribution3, maxPage: PAGE },
        auth: gitlabAuth('https://gitlab.example.com/jwt/auth'),
      },
      beside: ({ registry }) => gitlabRegistry({ store: storeOf(registry), hasDatabase: false }),
      others: async (registry) => ({ 'gitlab.example.com': await serveGitLabHost(registry) }),
      inputs: { ...GITLAB, 'provider-api-url': 'https://gitlab.example.com' },
    }),
  Harbor: () =>
    start({
      host: 'harbor.example.com',
      registry: {
        quirks: VENDORS.harbor,
        auth: tokens({ realm: 'https://harbor.example.com/service/token', service: 'harbor-registry' }),
      },
      beside: ({ registry }) => {
        const api = harborApi({ store: storeOf(registry), page: PAGE, ...LOGIN })
        const token = tokenServer(registry, '/service/token')
        return (exchange) => token(exchange.request, exchange.response) || api(exchange)
      },
      inputs: LOGIN,
    }),
  OpenShift: () =>
    start({
      host: 'default-route-openshift-image-registry.apps.example.com',
      registry: {
        quirks: { ...VENDORS.distribution2, noService: true },
        auth: tokens({
          realm: 'https://default-route-openshift-image-registry.apps.example.com/openshift/token',
          ignoresScope: true,
        }),
      },
      beside: ({ registry }) => {
        const token = tokenServer(registry, '/openshift/token')
        return ({ request, response }) => token(request, response)
      },
      inputs: LOGIN,
    }),
  Gitea: () =>
    start({
      host: 'git.example.com',
      registry: {
        quirks: FACES.gitea.quirks,
        auth: tokens({ service: 'container_registry' }),
      },
      inputs: LOGIN,
    }),
} as const satisfies Record<string, () => Promise<VendorWorld>>

/** GitLab itself: token server and REST API on one host. */
async function serveGitLabHost(registry: EmbeddedRegistry): Promise<string> {
  const rest = await serveGitLab(registry.store, { token: GITLAB.password, page: 1 })
  const token = tokenServer(() => registry, '/jwt/auth')
  return serveApi(async (request, response) => {
    if (token(request, response)) return
    const answer = await fetch(new URL(request.url ?? '/', rest), {
      headers: { authorization: request.headers.authorization ?? '' },
    })
    const link = answer.headers.get('link')
    if (link !== null) response.setHeader('link', link)
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
}
