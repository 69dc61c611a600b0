import { onTestFinished } from 'vitest'
import type { Credential } from '../../../src/credentials/credential.ts'
import { createAuthorizedSend } from '../../../src/credentials/authenticator.ts'
import type { Provider } from '../../../src/domain/names/provider.ts'
import { registryAt, withProvider } from '../../../src/domain/names/registry.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { Log } from '../../../src/domain/ports.ts'
import type { PruneTarget, VendorListing } from '../../../src/domain/prune/ports.ts'
import { createRegistryClient } from '../../../src/registry/client.ts'
import { createVendors } from '../../../src/registry/vendors/vendor.ts'
import type { VendorParts } from '../../../src/registry/vendors/vendor.ts'
import { createSend } from '../../../src/transport/send.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import type { EmbeddedRegistry, EmbeddedRegistryOptions } from '../embedded-registry.ts'
import { startEmbeddedRegistry } from '../embedded-registry.ts'
import { image } from '../images.ts'
import type { BuiltImage } from '../images.ts'
import type { Handler } from '../loopback.ts'
import { serve } from '../loopback.ts'

export const NOW = asTimestamp(Date.UTC(2026, 5, 1, 12))
export const PATH = 'acme/tools/api'

export interface StageOptions extends EmbeddedRegistryOptions {
  readonly provider?: Provider
  /** how we log in to the registry; default: not at all */
  readonly credential?: Credential
  /** default: the registry's own address */
  readonly apiUrl?: string
  readonly githubToken?: string | null
  readonly login?: VendorParts['login']
  /** placeholders may be pushed */
  readonly swap?: boolean
  readonly parts?: Partial<VendorParts>
}

/** A repository opened as one vendor's, over a real transport; nothing waits. */
export interface Stage extends PruneTarget {
  readonly registry: EmbeddedRegistry
  /** `notice: …`: what people were told */
  readonly said: string[]
  readonly masked: string[]
  /** milliseconds that were asked to be waited */
  readonly waits: number[]
  readonly open: (path: string) => PruneTarget
}

/** Serves a vendor's API at its own address until the end of the test. */
export async function serveApi(handler: Handler): Promise<string> {
  const { origin, stop } = await serve(handler)
  onTestFinished(stop)
  return origin
}

/** A registry until the end of the test. */
export async function serveRegistry(options: EmbeddedRegistryOptions = {}): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(registry.stop)
  return registry
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const registry = await serveRegistry(options)
  return { ...stageOn(registry, options), registry }
}

/** As `openStage`, on a registry that is served already. */
export function stageOn(embedded: EmbeddedRegistry, options: StageOptions): Stage {
  const said: string[] = []
  const masked: string[] = []
  const waits: number[] = []
  const say = (level: string) => (line: string) => void said.push(`${level}: ${line}`)
  const log: Log = { debug: () => {}, info: say('info'), notice: say('notice'), warning: say('warning') }
  const sleep = (milliseconds: number) => Promise.resolve(waits.push(milliseconds))
  const mask = (secret: string) => void masked.push(secret)
  const clock = () => NOW
  const transport = createSend({
    userAgent: 'warden-test/1',
    insecureOrigins: new Set(),
    ca: null,
    env: process.env,
    clock,
    deadline: options.parts?.deadline ?? null,
    log,
    random: () => 0,
    sleep,
  })
  onTestFinished(transport.dispose)
  const { send } = transport
  const credential: Credential = options.credential ?? { kind: 'anonymous', source: 'the test' }
  const keychain = () => Promise.resolve(credential)
  const sendToRegistry = createAuthorizedSend({ send, keychain, mask, clock: () => 0, log })
  const client = createRegistryClient({ send: sendToRegistry, log })
  const registry = withProvider(registryAt(embedded.host, 'http')!, options.provider ?? null)
  const vendors = createVendors({
    apiUrl: options.apiUrl === undefined ? null : new URL(options.apiUrl),
    registry,
    login: options.login ?? null,
    github: { apiUrl: new URL('https://api.github.example'), token: options.githubToken ?? null },
    open: client.open,
    send,
    sendToRegistry,
    keychain,
    mask,
    log,
    clock,
    deadline: null,
    aws: { kind: 'none' },
    sleep,
    ...options.parts,
  })
  const open = (path: string) => vendors.open({ registry, path }, options.swap ?? false)
  return { ...open(PATH), registry: embedded, said, masked, waits, open }
}

let built = 0
/** An image that no other test has. */
export function newImage(): BuiltImage {
  built += 1
  return image([], { annotations: { number: String(built) } })
}

export const tag = (text: string) => parseTag(text, 'test')

export function digestOf({ manifest }: BuiltImage): Digest {
  return manifest.digest
}

/** What a listing says, in short: dates by tag and by the first characters of a digest. */
export function shortListing(listing: VendorListing | undefined) {
  if (listing === undefined) return null
  const facts = (entries: Iterable<readonly [string, { ages: readonly { at: number; source: string }[] }]>) =>
    Object.fromEntries(
      [...entries].map(([name, { ages }]) => [
        name,
        Object.fromEntries(ages.map(({ at, source }) => [source, new Date(at).toISOString().slice(0, 10)])),
      ]),
    )
  const { untagged, complete } = listing
  return { tags: facts(listing.tags), manifests: facts(listing.manifests), untagged, complete }
}
