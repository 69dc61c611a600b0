import type { Manifest } from '../manifest/manifest.ts'
import type { Tag } from '../names/tag.ts'

/** The artifact type of manifests that `shared-digest: swap` pushes, only to delete them. */
export const PLACEHOLDER_TYPE = 'application/vnd.registry-warden.placeholder'

/** What tags begin with that are pushed to try things out on them. */
export const PROBE_PREFIX = 'registry-warden-probe-'

/** Whether a tag is one that this action pushed for a moment, by its name. */
export function isProbeTag(tag: Tag): boolean {
  return tag.startsWith(PROBE_PREFIX)
}

/** Whether a tag that names it was left behind by a swap that did not come to its end. */
export function isPlaceholder(manifest: Manifest): boolean {
  const hasType = manifest.kind === 'image' || manifest.kind === 'artifact'
  return hasType && manifest.artifactType === PLACEHOLDER_TYPE
}
