import type { Digest } from '../names/digest.ts'
import { believed } from '../quantities/timestamp.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { AgeObservation, AgeOrigin, Inventory, StoredManifest } from './inventory.ts'
import type { AgeSource } from './policy.ts'

/**
 * Best first; of build dates the newest. A source that was asked for by name is never replaced by another:
 * unknown is the honest answer.
 */
const PREFERENCE: Readonly<Record<AgeSource, readonly AgeOrigin[]>> = {
  auto: ['pushed', 'annotation', 'config'],
  pushed: ['pushed'],
  created: ['annotation', 'config'],
  updated: ['updated'],
  pulled: ['pulled'],
}
const PUSHED: readonly AgeOrigin[] = ['pushed']
const BUILT: ReadonlySet<AgeOrigin> = new Set(['annotation', 'config'])
/** Nothing has been unused for longer than it has been there. */
const ARRIVALS: readonly AgeOrigin[] = ['pushed', 'annotation', 'config']
/** Clocks of registries and builders differ by minutes; that is not worth a warning. */
const CLOCK_SKEW = 5 * 60 * 1000
/** What lies further ahead is not a date of this image. */
const DAY = 24 * 60 * 60 * 1000
const MAX_DATED = 1000

/** By which dates tags are ordered and judged, and when. */
export interface AgeQuestion {
  readonly source: AgeSource
  readonly now: Timestamp
}

/**
 * The age by which a tag is ordered and judged; null is unknown, never old. What the registry says of the tag
 * goes before what it says of the manifest. Of build dates the newest counts: an annotation may be inherited
 * from the base image, and an index was pushed after all its platform images. Where the vendor reports push
 * times, build dates do not stand in for one that is missing: an old build may have been pushed today.
 */
export function tagAge(
  inventory: Inventory,
  entry: { readonly ages: readonly AgeObservation[]; readonly isUndated?: boolean },
  digest: Digest,
  question: AgeQuestion,
): AgeObservation | null {
  if (entry.isUndated === true && question.source !== 'created') return null
  const manifest = inventory.manifests.get(digest)
  const own = manifest?.state === 'stored' ? manifest.ages : []
  const origins = originsOf(inventory, question)
  for (const origin of origins.filter((each) => !BUILT.has(each))) {
    const found = newest(entry.ages, origin) ?? newest(own, origin)
    if (found === null) continue
    // a tag that is moved keeps its time of pull (Harbor, Docker Hub)
    const arrived = origin === 'pushed' ? null : latestOf([...entry.ages, ...own], ARRIVALS)
    return believable(later(found, arrived), question.now)
  }
  const built = latestOf([...entry.ages, ...own], origins)
  if (manifest?.state !== 'stored' || origins === PUSHED) return believable(built, question.now)
  const { latest, areAllKnown } = datesOfPlatforms(inventory, manifest, origins)
  const isDated = built !== null || areAllKnown
  return isDated ? believable(later(built, latest), question.now) : null
}

function originsOf({ tellsPushTimes }: Inventory, { source }: AgeQuestion): readonly AgeOrigin[] {
  const isPushed = source === 'pushed' || (source === 'auto' && tellsPushTimes === true)
  return isPushed ? PUSHED : PREFERENCE[source]
}

/**
 * The newest date of an index's platform images. One without a date could be the newest, so then an index
 * that has none itself has none either.
 */
function datesOfPlatforms(
  inventory: Inventory,
  index: StoredManifest,
  origins: readonly AgeOrigin[],
): { readonly latest: AgeObservation | null; readonly areAllKnown: boolean } {
  const seen = new Set(index.platforms)
  let latest: AgeObservation | null = null
  let areAllKnown = true
  for (const digest of seen) {
    if (seen.size > MAX_DATED) return { latest, areAllKnown: false }
    const manifest = inventory.manifests.get(digest)
    const age = manifest?.state === 'stored' ? latestOf(manifest.ages, origins) : null
    latest = later(latest, age)
    const nested = manifest?.state === 'stored' ? manifest.platforms : []
    for (const each of nested) seen.add(each)
    if (age === null && nested.length === 0) areAllKnown = false
  }
  return { latest, areAllKnown: areAllKnown && latest !== null }
}

function latestOf(ages: readonly AgeObservation[], origins: readonly AgeOrigin[]): AgeObservation | null {
  return origins.map((origin) => newest(ages, origin)).reduce(later, null)
}

function later(one: AgeObservation | null, other: AgeObservation | null): AgeObservation | null {
  if (one === null || other === null) return one ?? other
  return other.at > one.at ? other : one
}

function believable(age: AgeObservation | null, now: Timestamp): AgeObservation | null {
  return age === null || isFarAhead(age, now) ? null : age
}

function newest(ages: readonly AgeObservation[], origin: AgeOrigin): AgeObservation | null {
  let latest: AgeObservation | null = null
  for (const age of ages) {
    if (age.source !== origin || believed(age.at) === null) continue
    if (latest === null || age.at > latest.at) latest = age
  }
  return latest
}

/**
 * When an untagged manifest surely was there. Only the registry knows: a build date says nothing about a push
 * that happened minutes ago and whose index is still to come (skopeo issue 2497).
 */
export function pushTime(ages: readonly AgeObservation[]): Timestamp | null {
  const pushed = newest(ages, 'pushed')
  const updated = newest(ages, 'updated')
  if (pushed === null) return updated?.at ?? null
  return updated !== null && updated.at > pushed.at ? updated.at : pushed.at
}

/** True when any date, whatever its source, lies within `grace`: nothing is pushed before it is built. */
export function isYoung(ages: readonly AgeObservation[], grace: number, now: Timestamp): boolean {
  return ages.some((age) => age.at >= now - grace)
}

/**
 * True when a clock must be wrong, but not by so much that the date says nothing: such a tag is the newest.
 */
export function isAhead(age: AgeObservation, now: Timestamp): boolean {
  return age.at > now + CLOCK_SKEW
}

/** True for a date that is none: more than a day ahead. */
export function isFarAhead(age: AgeObservation, now: Timestamp): boolean {
  return age.at > now + DAY
}
