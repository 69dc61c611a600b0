import { cosignSignature, cosignTag, orasSbom } from '../../__tests__/support/artifacts.ts'
import { attestation, image, index, type BuiltImage } from '../../__tests__/support/images.ts'
import { daysBefore, madeOnce } from './images.ts'

/** Something in the repository that gets pruned, and what a right policy makes of it. */
export interface ShopImage {
  /** tags that stay */
  readonly kept: readonly string[]
  /** tags that go; where one tag stays, the image stays as well */
  readonly gone: readonly string[]
  /** whether what it holds must still be there afterwards */
  readonly stays: boolean
  readonly image: BuiltImage
}

/** `sha256-….sig` and its like belong to an image, and are counted apart. */
export function isImageTag(tag: string): boolean {
  return !tag.startsWith('sha256-')
}

/** A 1970 build: reproducible builds have no time, and no time is not proof of age. */
const REPRODUCIBLE = '1970-01-01T00:00:00Z'

/**
 * A shop with releases and the images of pull requests, old and young, and everything that a careless prune
 * would break.
 */
export function shopImages(now: Date): readonly ShopImage[] {
  const built = (seed: string, daysOld: number, size: number): BuiltImage =>
    platform(seed, 'linux/amd64', daysBefore(now, daysOld), size)
  const multi = (seed: string, daysOld: number, size: number): BuiltImage => {
    const created = daysBefore(now, daysOld)
    return both(platform(seed, 'linux/amd64', created, size), platform(seed, 'linux/arm64', created, size))
  }
  const arm64 = platform('1.4.0', 'linux/arm64', daysBefore(now, 41), 5.4)
  const newest = multi('1.5.0', 16, 5.9)
  const signed = built('pr-201', 66, 5.3)
  const withSbom = built('pr-212', 37, 5.5)
  return [
    stays(['1.3.0'], multi('1.3.0', 92, 5.1)),
    stays(['1.4.0'], both(built('1.4.0', 41, 5.4), arm64)),
    stays(['1.4.1'], multi('1.4.1', 24, 5.4)),
    // the pull request's image became the release: one digest, three tags
    { kept: ['1.5.0', 'latest'], gone: ['pr-223'], stays: true, image: newest },
    stays([cosignTag(newest)], cosignSignature(newest)),
    stays(['main'], multi('main', 1, 6)),
    goes(['pr-198'], multi('pr-198', 73, 5.2)),
    goes(['pr-201'], signed),
    goes([cosignTag(signed)], cosignSignature(signed)),
    // its arm64 image is that of release 1.4.0, and outlives it
    goes(['pr-209'], both(built('pr-209', 43, 5.5), arm64)),
    goes(['pr-212'], withSbom),
    goes([], orasSbom('sbom of pr-212', 180_000, withSbom)),
    goes(['pr-215'], built('pr-215', 31, 5.6)),
    goes(['pr-221'], multi('pr-221', 19, 5.7)),
    stays(['pr-219'], platform('pr-219', 'linux/amd64', REPRODUCIBLE, 5.6)),
    stays(['pr-226'], built('pr-226', 12, 5.9)),
    stays(['pr-228'], built('pr-228', 6, 6)),
    stays(['pr-231'], multi('pr-231', 4, 6)),
    stays(['pr-233'], built('pr-233', 1, 6.1)),
  ]
}

function stays(kept: readonly string[], built: BuiltImage): ShopImage {
  return { kept, gone: [], stays: true, image: built }
}

function goes(gone: readonly string[], built: BuiltImage): ShopImage {
  return { kept: [], gone, stays: false, image: built }
}

/** `size` in MiB, above a base that all share. */
function platform(seed: string, name: string, created: string, size: number): BuiltImage {
  const layers = [
    madeOnce(`bookworm-2 ${name}`, 12.4, '/bin/sh -c #(nop) ADD file:rootfs.tar.xz in /'),
    madeOnce(`shop ${seed} ${name}`, size, 'COPY dist ./dist # buildkit'),
  ]
  return image(layers, { platform: name, created })
}

function both(amd64: BuiltImage, arm64: BuiltImage): BuiltImage {
  return index([amd64, attestation(amd64), arm64, attestation(arm64)])
}
