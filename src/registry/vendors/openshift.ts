import type { VendorPort } from '../../domain/prune/ports.ts'
import type { VendorContext } from './context.ts'
import { openDistribution, withAdvice } from './distribution.ts'

const CLUSTER =
  'In OpenShift tags are resources of the cluster: oc tag -d NAME:TAG removes one, oc adm prune images what is old'

/**
 * OpenShift's integrated registry: a distribution 2.x in front of image streams, which only the cluster's API
 * changes in full.
 */
export function openOpenShift({ client }: VendorContext): VendorPort {
  const plain = openDistribution(client)
  return {
    ...plain,
    untag: async (tag, digest) => {
      const outcome = await plain.untag(tag, digest)
      if (outcome.kind !== 'unsupported') return outcome
      return { kind: 'unsupported', error: withAdvice(outcome.error, CLUSTER) }
    },
    probeDeletes: async () => {
      const probe = await plain.probeDeletes()
      return probe.kind === 'off' ? { kind: 'off', error: withAdvice(probe.error, CLUSTER) } : probe
    },
  }
}
