import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readEvent } from '../../src/github/event-file.ts'
import { RUNNER, pullRequestPayload } from './events.ts'

it('reads the payload where the runner put it, and goes on without one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  const env = { ...RUNNER, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path }
  expect((await readEvent(env)).warnings).toEqual([
    'pull_request: the payload of the event is missing; going on as without a pull request',
  ])
  await writeFile(path, JSON.stringify(pullRequestPayload()))
  expect(await readEvent(env)).toMatchObject({ pullRequest: { number: 7 }, warnings: [] })
})
