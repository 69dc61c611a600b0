import { WardenError } from '../../domain/errors.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { ghcr } from '../../domain/vendors/ghcr.ts'
import type { DeleteOutcome, DeleteProbe, VendorListing, VendorPort } from '../../domain/prune/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import type { PackageVersion } from '../../wire/vendors/github-packages.ts'
import { freshTag } from '../placeholder.ts'
import type { VendorContext } from './context.ts'
import { withAdvice } from './distribution.ts'
import { isRefusal, outcomeOf, settled, textOf, vendorFailure } from './failures.ts'
import { ADMIN_HINT, createGitHubPackages, limitReached, limitWait } from './github-packages.ts'
import type { GitHubPackages } from './github-packages.ts'
import { observations } from './listing.ts'

/**
 * What a version may take along: the tags it had when it was listed, or the one that was moved to a
 * placeholder.
 */
interface KnownVersion {
  readonly id: number
  readonly tags: ReadonlySet<Tag>
}

/** A placeholder shows up in the list a moment after it was pushed. */
const LOOKS = 4
const LOOK_AGAIN = 2_000

/**
 * GHCR deletes nothing through the registry (405): a manifest is a version of a package in GitHub's API, and
 * goes with all its tags. A single tag can only be moved away. The API also reports dates and lists what has
 * no tag.
 */
export function openGhcr(context: VendorContext): VendorPort {
  const { client, name, log, swap, sleep } = context
  const packages = createGitHubPackages(context)
  const versions = new Map<Digest, KnownVersion>()
  const placeholders = new Map<Digest, Tag>()
  let told = false

  async function list(): Promise<VendorListing> {
    const found = new Map<Digest, PackageVersion>()
    let dropped = 0
    // an error ends the run of this package: without versions there is nothing to delete by
    await packages.list((page, unread) => {
      for (const version of page) found.set(version.digest, version)
      dropped += unread
      return true
    })
    if (dropped > 0) log.notice(`${name}: ${dropped} versions in GitHub's list could not be read`)
    for (const { id, digest, tags } of found.values()) versions.set(digest, { id, tags: new Set(tags) })
    return listingOf([...found.values()], dropped === 0)
  }

  async function find(digest: Digest): Promise<KnownVersion | null> {
    const known = versions.get(digest)
    if (known !== undefined) return known
    const tag = placeholders.get(digest)
    for (let looks = 1; looks <= LOOKS; looks += 1) {
      let id: number | null = null
      await packages.list((page) => {
        id = page.find((version) => version.digest === digest)?.id ?? null
        return id === null
      })
      if (id !== null) return { id, tags: new Set(tag === undefined ? [] : [tag]) }
      if (tag === undefined) return null
      if (looks < LOOKS) await sleep(LOOK_AGAIN).catch(() => undefined)
    }
    return null
  }

  async function remove(digest: Digest): Promise<DeleteOutcome> {
    const known = await find(digest)
    if (known === null) return unlisted(digest)
    const current = await packages.version(known.id)
    if (current === null) return { kind: 'gone', error: null }
    const objection = objectionTo(current, digest, known, name)
    if (objection !== null) return objection
    const outcome = await deleteVersion(packages, known.id, context.clock())
    if (outcome.kind === 'done' && !told) {
      told = true
      log.info(`${name}: GitHub can restore deleted versions for 30 days`)
    }
    return outcome
  }

  async function unlisted(digest: Digest): Promise<DeleteOutcome> {
    if ((await client.head(digest)) === null) return { kind: 'gone', error: null }
    const message = `${name}: GitHub lists no version ${shortDigest(digest)}, though the registry has it`
    return { kind: 'failed', error: new WardenError('protocol', message, { advice: 'Run again later' }) }
  }

  async function pushPlaceholder(
    ...[tag, created]: Parameters<typeof client.pushPlaceholder>
  ): Promise<Digest> {
    const digest = await client.pushPlaceholder(tag, created)
    placeholders.set(digest, tag)
    return digest
  }

  /**
   * Pushes and deletes a version of our own: GitHub has no other way to find out without deleting somebody's.
   */
  async function rehearse(): Promise<DeleteProbe> {
    const tag = freshTag()
    const outcome = await settled(async () => remove(await pushPlaceholder(tag, null)))
    if (outcome.error === null) return { kind: 'on' }
    const advice = `${outcome.error.advice ?? ADMIN_HINT}. The tag ${tag} may be left behind`
    const error = withAdvice(outcome.error, advice)
    return { kind: outcome.kind === 'denied' ? 'denied' : 'failed', error }
  }

  return {
    capabilities: ghcr.capabilities,
    list,
    untag: () => Promise.resolve(NO_UNTAG),
    deleteManifest: (digest) => settled(() => remove(digest)),
    putManifest: client.putManifest,
    versionOf: (digest) => versions.get(digest)?.id ?? null,
    restoreVersion: packages.restore,
    // the first real deletion is the test, where nothing of our own may be pushed
    probeDeletes: () => (swap ? rehearse() : Promise.resolve({ kind: 'unclear' })),
    pushPlaceholder,
    preparePlaceholder: client.preparePlaceholder,
  }
}

const NO_UNTAG: DeleteOutcome = {
  kind: 'unsupported',
  error: new WardenError('unsupported', 'GHCR cannot remove a tag without its manifest', {
    advice: 'shared-digest: swap moves the tag to a placeholder and deletes that',
  }),
}

function listingOf(versions: readonly PackageVersion[], complete: boolean): VendorListing {
  const manifests: VendorListing['manifests'] = new Map(
    versions.map(({ digest, created, updated }) => [
      digest,
      { ages: observations({ pushed: created, updated }), locked: null },
    ]),
  )
  const untagged = versions.filter(({ tags }) => tags.length === 0).map(({ digest }) => digest)
  const tags: VendorListing['tags'] = new Map(
    versions.flatMap(({ digest, tags: names }) =>
      names.map((tag) => [tag, { digest, ages: [], locked: null }] as const),
    ),
  )
  return { tags, manifests, untagged: complete ? untagged : [], complete, tellsPushTimes: true }
}

/**
 * Looks once more at what would go: an id says nothing about the content, and tags are moved while we work.
 */
function objectionTo(
  current: PackageVersion,
  digest: Digest,
  known: KnownVersion,
  name: string,
): DeleteOutcome | null {
  if (current.digest !== digest) {
    const message = `${name}: version ${known.id} is ${current.digest} now, no longer ${digest}`
    return { kind: 'failed', error: new WardenError('integrity', message, { advice: 'Run again' }) }
  }
  const added = current.tags.filter((tag) => !known.tags.has(tag))
  if (added.length === 0) return null
  const message = `${name}: ${shortDigest(digest)} was given the tag ${added[0]} in the meantime`
  return { kind: 'referenced', error: new WardenError('denied', message) }
}

async function deleteVersion(packages: GitHubPackages, id: number, now: Timestamp): Promise<DeleteOutcome> {
  const exchange = await packages.remove(id)
  const wait = limitWait(exchange, now)
  if (wait !== null) return { kind: 'again', wait, error: limitReached(exchange, wait) }
  const { status } = exchange.response
  // no right to delete is a 404 as well, so whether it is gone has to be looked up
  if (status === 404) {
    if ((await packages.version(id)) === null) return { kind: 'done', error: null }
    return { kind: 'denied', error: vendorFailure(exchange, ADMIN_HINT) }
  }
  if (status === 400) return retained(exchange.purpose, textOf(exchange))
  const outcome = outcomeOf(exchange, ADMIN_HINT)
  return outcome.error !== null && isRefusal(outcome.error) ? { ...outcome, kind: 'denied' } : outcome
}

/**
 * The last tagged version of a package, and public ones that were downloaded more than 5,000 times (texts can
 * be mixed up).
 */
function retained(purpose: string, said: string): DeleteOutcome {
  const reason = said === '' ? 'the version may not be deleted' : said
  return { kind: 'locked', error: new WardenError('denied', `${purpose}: GitHub keeps it: ${reason}`) }
}
