import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle, dist, root } from './bundle.ts'

// dist is replaced as a whole, and only by a build that succeeded: ncc never removes a stale file
const build = join(root, 'build')
await mkdir(build, { recursive: true })
const workspace = await mkdtemp(join(build, 'dist-'))
try {
  await bundle(join(workspace, 'dist'))
  await rm(dist, { recursive: true, force: true })
  await rename(join(workspace, 'dist'), dist)
} finally {
  await rm(workspace, { recursive: true, force: true })
}
console.log('Built dist/. Commit it together with the change in src/.')
