import type { Manifest } from '../manifest/manifest.ts'

/** The artifact type of manifests that `shared-digest: swap` pushes, only to delete them. */
export const PLACEHOLDER_TYPE = 'application/vnd.registry-warden.placeholder'

/** Whether a tag that names it was left behind by a swap that did not come to its end. */
export function isPlaceholder(manifest: Manifest): boolean {
  return manifest.kind === 'image' && manifest.artifactType === PLACEHOLDER_TYPE
}
