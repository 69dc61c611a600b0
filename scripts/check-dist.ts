import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, differingFiles, dist, root } from './bundle.ts'

/** What is wrong with the committed dist, one line each; the checkout is not touched. */
async function problems(): Promise<string[]> {
  const fresh = await mkdtemp(join(tmpdir(), 'registry-warden-dist-'))
  try {
    await bundle(fresh)
    const stale = (await differingFiles(dist, fresh)).map((name) => `dist/${name} is not what src builds`)
    const status = execFileSync('git', ['status', '--porcelain', '--', 'dist'], {
      cwd: root,
      encoding: 'utf8',
    })
    const uncommitted = status.split('\n').filter((line) => line !== '')
    return [...stale, ...uncommitted.map((line) => `${line.slice(3)} is not committed`)]
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

const found = await problems()
for (const problem of found) console.error(problem)
if (found.length > 0) {
  console.error('Run `npm run build` and commit dist/ together with the change in src/.')
  process.exitCode = 1
} else {
  console.log('dist/ is fresh, committed, and names the licence of every package in it.')
}
