import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { PlannedRepository, UnplannedRepository } from './plan-repository.ts'
import { doomedIn } from './work.ts'
import type { Neighbour, Work } from './work.ts'

type Planned = PlannedRepository | UnplannedRepository

/** Of what one repository deletes, so much is asked for in one that could not be read, of so many of these. */
const MAX_ASKED = 50
const MAX_UNREAD = 4
const AT_ONCE = 8

/**
 * Finds the other repositories of the same registry in this run that keep a digest, for a registry may have one
 * store of manifests behind all of them. What could not be planned keeps everything; what could not even be
 * read is asked for what is to go.
 */
export function createNeighbours(
  all: readonly Planned[],
): (asking: PlannedRepository) => Promise<Work['elsewhere']> {
  const keepers = new Map<Digest, Planned[]>()
  if (all.length > 1) {
    for (const repository of all) {
      for (const digest of keptBy(repository)) {
        const known = keepers.get(digest)
        if (known === undefined) keepers.set(digest, [repository])
        else known.push(repository)
      }
    }
  }

  return async (asking) => {
    const { origin } = asking.request.target
    const isNeighbour = (each: Planned) => each !== asking && each.request.target.origin === origin
    const unread = all.filter((each) => each.reading === null && isNeighbour(each)).slice(0, MAX_UNREAD)
    const found = await askUnread(
      asking,
      unread.map(({ request }) => request.target),
    )
    return (digest) => [
      ...(keepers.get(digest) ?? [])
        .filter(isNeighbour)
        .flatMap(({ request, reading }) => (reading === null ? [] : [{ target: request.target, reading }])),
      ...(found.get(digest) ?? []),
    ]
  }
}

function keptBy(repository: Planned): readonly Digest[] {
  if (repository.kind === 'planned')
    return repository.plan.manifests.flatMap(({ digest, decision }) => (decision === 'keep' ? [digest] : []))
  const manifests = [...(repository.reading?.inventory.manifests ?? [])]
  return manifests.flatMap(([digest, { state }]) => (state === 'stored' ? [digest] : []))
}

/** Nobody knows its tags, but a manifest that it has can be put back from the bytes that were read here. */
async function askUnread(
  { request, reading, plan }: PlannedRepository,
  targets: readonly PruneTarget[],
): Promise<ReadonlyMap<Digest, Neighbour[]>> {
  const doomed = [...doomedIn(plan)].slice(0, MAX_ASKED)
  const found = new Map<Digest, Neighbour[]>()
  const { stored } = request.target.reader
  const inventory = { ...reading.inventory, tags: new Map() }
  for (const target of targets) {
    const neighbour = {
      target: { ...target, reader: { ...target.reader, stored } },
      reading: { ...reading, inventory },
    }
    const ask = async (digest: Digest) => {
      const isThere = await target.reader.head(digest).catch((error: unknown) => {
        if (!(error instanceof WardenError)) throw error
        return null
      })
      if (isThere !== null) found.set(digest, [...(found.get(digest) ?? []), neighbour])
    }
    await pMap(doomed, ask, { concurrency: AT_ONCE })
  }
  return found
}
