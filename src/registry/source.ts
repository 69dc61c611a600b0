import type { Tag } from '../domain/names/tag.ts'
import type { ImageReader, RegistrySource } from '../domain/ports.ts'
import { createRegistryClient } from './client.ts'
import type { RegistryCache } from './cache.ts'
import { createProbe } from './probe.ts'
import { createIdentify } from './vendors/identify.ts'
import type { IdentifyParts } from './vendors/identify.ts'
import { createVendors } from './vendors/vendor.ts'
import type { VendorParts } from './vendors/vendor.ts'

export interface HttpSourceParts extends Omit<VendorParts, 'open'>, IdentifyParts {
  readonly cache?: RegistryCache | null
}

/** Registries over HTTP as a source: the distribution API, and what each vendor offers beside it. */
export function createHttpSource({ cache = null, ...parts }: HttpSourceParts): RegistrySource {
  const { sendToRegistry, log } = parts
  const identify = createIdentify(parts)
  const clientParts = { send: sendToRegistry, log, cache }
  const client = createRegistryClient(clientParts)
  const strict = createRegistryClient({ ...clientParts, forDeletes: true, keepBytes: true })
  const vendors = createVendors({ ...parts, open: strict.open })
  const prober = createProbe(parts)
  return {
    probe: (registry) => prober.probe(identify.byName(registry)),
    grants: ({ registry, path }) => prober.grants({ registry: identify.byName(registry), path }),
    open: (repository) => client.open({ ...repository, registry: identify.byName(repository.registry) }),
    catalog: async (given, owner) => {
      // an unknown registry is asked for its catalog first: the answer, or the login it wants, tells what it
      // is
      let early: Promise<readonly string[]> | null = null
      const registry = await identify.byChallenge(given, () => {
        early = client.catalog(identify.byName(given))
        return early
      })
      return vendors.list(registry, owner, () => early ?? client.catalog(registry))
    },
    target: async (repository, { swap = false } = {}) => {
      // the list of tags is read first anyway: whoever reads it next gets this answer
      let early: Promise<readonly Tag[]> | null = null
      const registry = await identify.byChallenge(repository.registry, () => {
        early = strict.open({ ...repository, registry: identify.byName(repository.registry) }).tags()
        return early
      })
      const target = vendors.open({ ...repository, registry }, swap)
      return { ...target, reader: { ...target.reader, tags: startingWith(early, target.reader.tags) } }
    },
  }
}

/** The answer that is there already, once; from then on each is asked for. */
function startingWith(early: Promise<readonly Tag[]> | null, ask: ImageReader['tags']): ImageReader['tags'] {
  let first = early
  return async (onTags) => {
    if (first === null) return ask(onTags)
    const answer = first
    first = null
    const tags = await answer
    onTags?.(tags)
    return tags
  }
}
