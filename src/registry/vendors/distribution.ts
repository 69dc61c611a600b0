import { WardenError } from '../../domain/errors.ts'
import { parseDigest } from '../../domain/names/digest.ts'
import type { DeleteOutcome, DeleteProbe, VendorPort } from '../../domain/prune/ports.ts'
import { PLAIN_CAPABILITIES } from '../../domain/vendors/vendor.ts'
import type { RepositoryClient } from '../client.ts'
import { freshTag, holdingCopy } from '../placeholder.ts'

const SWITCH =
  'A self-hosted registry allows them with REGISTRY_STORAGE_DELETE_ENABLED=true, unless it is read-only (maintenance); a pull-through cache never does'

/**
 * What distribution 2.x says of its grammar, in words about the tag: `400 DIGEST_INVALID` means nothing to
 * who prunes.
 */
function tagStays(cause: WardenError): WardenError {
  const { exchange } = cause
  const message = 'this registry cannot remove one tag of a shared digest (registry:2 cannot, registry:3 can)'
  return new WardenError('unsupported', message, { advice: 'shared-digest: swap does it', exchange, cause })
}

/**
 * Nothing but the distribution API: registry:2 and :3, zot, and every registry whose own API is not known
 * here.
 */
export function openDistribution(client: RepositoryClient, capabilities = PLAIN_CAPABILITIES): VendorPort {
  let noUntag: DeleteOutcome | null = null
  return {
    capabilities,
    untag: async (tag) => {
      // a registry that cannot remove one tag cannot remove the next
      if (noUntag !== null) return noUntag
      const outcome = await client.deleteManifest(tag)
      if (outcome.kind !== 'unsupported') return outcome
      noUntag = { kind: 'unsupported', error: tagStays(outcome.error) }
      return noUntag
    },
    deleteManifest: (digest) => client.deleteManifest(digest),
    probeDeletes: () => probeByNothing(client, SWITCH),
    pushPlaceholder: client.pushPlaceholder,
    preparePlaceholder: client.preparePlaceholder,
    freshTag,
    holdingCopy,
    putManifest: client.putManifest,
  }
}

/** No manifest has it: nobody knows content with this SHA-256. */
export const NOTHING = parseDigest(`sha256:${'0'.repeat(64)}`)

/**
 * Deletes a manifest that cannot exist. Where deletes are off that is refused as any other one would be;
 * where they are on, it is not found (both seen on distribution 2.8). `advice` is for deletes that are off.
 */
export async function probeByNothing(
  client: RepositoryClient,
  advice: string | null = null,
): Promise<DeleteProbe> {
  const { kind, error } = await client.deleteManifest(NOTHING, 'wait')
  if (error === null) return { kind: 'on' }
  if (kind === 'denied') return { kind, error: unnamed(error) }
  if (kind === 'unsupported' || kind === 'locked') return { kind: 'off', error: deletesOff(error, advice) }
  // held back, or refused because it cannot be looked up: neither says anything about others
  if (kind === 'referenced' || error.exchange?.status === 400) return { kind: 'unclear' }
  return { kind: 'failed', error: unnamed(error) }
}

function deletesOff(cause: WardenError, advice: string | null): WardenError {
  const { exchange } = cause
  const where =
    exchange === null
      ? ''
      : ` at ${new URL(exchange.url).host} (${[exchange.status, ...exchange.codes].join(' ')})`
  return new WardenError('unsupported', `Deletes are off${where}`, {
    advice: advice ?? cause.advice,
    exchange,
    cause,
  })
}

/** Without the digest that nobody asked to delete. */
function unnamed(cause: WardenError): WardenError {
  const { kind, advice, exchange } = cause
  return new WardenError(kind, cause.message.replace(`@${NOTHING}`, ''), { advice, exchange, cause })
}

/** The same error with other advice. */
export function withAdvice(error: WardenError, advice: string): WardenError {
  return new WardenError(error.kind, error.message, { advice, exchange: error.exchange, cause: error })
}
