import type { DeleteOutcome, VendorPort } from '../../domain/prune/ports.ts'
import type { VendorContext } from './context.ts'
import { ecr } from '../../domain/vendors/ecr.ts'
import { openDistribution } from './distribution.ts'
import { NOTHING_TOLD } from './listing.ts'

/**
 * Amazon ECR, through the registry alone: its own API, which tells push times and untagged images, wants
 * requests signed with AWS keys, and those are not what people log in to a registry with.
 */
export function openEcr({ client, name, log }: VendorContext): VendorPort {
  const plain = openDistribution(client, ecr.capabilities)
  let told = false
  return {
    ...plain,
    list: () => {
      if (!told) log.info(`${name}: ECR tells push times to signed requests alone; build dates count instead`)
      told = true
      return Promise.resolve(NOTHING_TOLD)
    },
    deleteManifest: async (digest) => referencedOr(await plain.deleteManifest(digest)),
    // a bare 404 is also how it said that it has no deletions at all [aws/containers-roadmap 1229]
    probeDeletes: async () => {
      const probe = await plain.probeDeletes()
      return probe.kind === 'on' ? { kind: 'unclear' } : probe
    },
  }
}

/** `ImageReferencedByManifestList`: an index needs it, whatever the status. */
function referencedOr(outcome: DeleteOutcome): DeleteOutcome {
  if (outcome.error === null) return outcome
  const { error } = outcome
  const isNeeded = /ImageReferencedByManifestList/i.test(
    `${error.message} ${error.exchange?.codes.join(' ')}`,
  )
  return isNeeded ? { kind: 'referenced', error } : outcome
}
