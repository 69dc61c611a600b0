import {
  cosignSignature,
  cosignTag,
  helmChart,
  orasSbom,
  referrersIndex,
  referrersTag,
} from '../../__tests__/support/artifacts.ts'
import { layer } from '../../__tests__/support/blobs.ts'
import { attestation, image, index, type BuiltImage } from '../../__tests__/support/images.ts'

/** One push: an image and its tags, none for a push by digest. */
export interface Push {
  readonly image: BuiltImage
  readonly tags: readonly string[]
  /** a registry may refuse it, and then the rest goes on */
  readonly optional?: boolean
  /** not pushed where the registry lists referrers itself */
  readonly withoutReferrersApi?: boolean
}

/** The images that every registry gets, and which of them must outlive the prune. */
export interface Fixture {
  readonly pushes: readonly Push[]
  /** tags that the policy must leave alone */
  readonly keeps: readonly string[]
  /** tags that the policy gives up; what a registry cannot remove may stay, if the run says so */
  readonly gives: readonly string[]
  /** the images whose sizes are measured, by tag */
  readonly measured: Readonly<Record<string, BuiltImage>>
}

/** The policy of the runs: every `pr-` tag goes, nothing else does. */
export const POLICY = { tags: 'pr-*', 'max-delete-percent': '100' } as const

/** `seed` makes the layers of this run its own, so that no other repository holds them. */
export function fixture(seed: string, now: number): Fixture {
  const created = new Date(now - 100 * 86_400_000).toISOString()
  const base = layer(`${seed} base`, 6_000)
  const app = (name: string, platform = 'linux/amd64'): BuiltImage =>
    image([base, layer(`${seed} ${name} ${platform}`, 2_000)], { platform, created })
  const multi = (name: string): BuiltImage => {
    const amd64 = app(name)
    return index([amd64, attestation(amd64), app(name, 'linux/arm64')])
  }
  const stable = multi('stable')
  const shared = app('shared')
  const signed = app('signed')
  const doomed = app('doomed')
  const parts = [app('release'), app('release', 'linux/arm64')]
  const release = index(parts)
  const withBase = index([app('pr-2'), app('stable', 'linux/arm64')])
  const [amd64 = shared, arm64 = shared] = parts
  const pushes: readonly Push[] = [
    { image: stable, tags: ['stable', 'stable-2'] },
    // untagged first, by name: what this proves of a shared digest says nothing of a platform image
    { image: shared, tags: ['shared', 'pr-0'] },
    // platform images pushed by tag, then an index of them: `crane index append`, `oras manifest index
    // create`
    { image: amd64, tags: ['pr-10-amd64'] },
    { image: arm64, tags: ['pr-10-arm64'] },
    { image: release, tags: ['release'] },
    ...withReferrers(signed, `${seed} sbom of signed`, 'signed'),
    { image: helmChart(`${seed} chart`, 700), tags: ['chart'] },
    { image: index([multi('nested')]), tags: ['nested'], optional: true },
    { image: app('untagged'), tags: [] },
    { image: multi('pr-1'), tags: ['pr-1'] },
    { image: withBase, tags: ['pr-2'] },
    ...withReferrers(doomed, `${seed} sbom of doomed`, 'pr-3'),
    { image: app('pr-4'), tags: ['pr-4', 'pr-5'] },
    { image: index([multi('pr-6')]), tags: ['pr-6'], optional: true },
    { image: helmChart(`${seed} pr-7`, 600), tags: ['pr-7'] },
  ]
  const tags = pushes.flatMap((each) => each.tags)
  return {
    pushes,
    keeps: tags.filter((tag) => !tag.startsWith('pr-') && !tag.startsWith('sha256-')),
    gives: tags.filter((tag) => tag.startsWith('pr-')),
    measured: { stable, release, shared, signed },
  }
}

/** An image with a cosign signature and an SBOM that names it as its subject. */
function withReferrers(subject: BuiltImage, seed: string, tag: string): readonly Push[] {
  const sbom = orasSbom(seed, 900, subject)
  return [
    { image: subject, tags: [tag] },
    { image: cosignSignature(subject), tags: [cosignTag(subject)] },
    { image: sbom, tags: [] },
    { image: referrersIndex([sbom]), tags: [referrersTag(subject)], withoutReferrersApi: true },
  ]
}
