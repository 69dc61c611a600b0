import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

/**
 * A prune whose credential helper starts a program that takes half a minute.
 * @param isCancelled the job is cancelled once that has started
 */
async function run(inputs: Record<string, string>, isCancelled: boolean) {
  const registry = await startEmbeddedRegistry()
  onTestFinished(() => registry.stop())
  registry.seed('acme/api', image([layer('one', 1_000)]), ['pr-1'])
  const folder = await mkdtemp(join(tmpdir(), 'helper-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const helper = join(folder, 'docker-credential-slow')
  const started = join(folder, 'started')
  await writeFile(helper, `#!/bin/sh\n: > '${started}'\nsleep 30\n`)
  await chmod(helper, 0o755)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ credsStore: 'slow' }))
  let stopped = performance.now()
  const result = await runAction({
    inputs: { mode: 'prune', registry: registry.origin, image: 'acme/api', tags: 'pr-*', ...inputs },
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, DOCKER_CONFIG: folder },
    onStart: (child) => {
      if (!isCancelled) return
      const watch = setInterval(() => {
        if (!existsSync(started)) return
        clearInterval(watch)
        stopped = performance.now()
        child.kill('SIGTERM')
      }, 20)
      child.once('exit', () => clearInterval(watch))
    },
  })
  return { ...result, milliseconds: performance.now() - stopped }
}

it('a cancelled job does not wait for a credential helper, and blames no max-duration', async () => {
  const { exitCode, outputs, summary, stdout, milliseconds } = await run({}, true)
  expect([exitCode, outputs['result'], outputs['partial']]).toEqual([1, 'fail', 'true'])
  expect(milliseconds).toBeLessThan(5_000)
  expect(summary).not.toBe('')
  expect(stdout).not.toContain('max-duration')
})

it('max-duration does not wait for a credential helper', async () => {
  const { outputs, durationMs } = await run({ 'max-duration': '2s' }, false)
  expect(outputs['partial']).toBe('true')
  expect(durationMs).toBeLessThan(10_000)
})
