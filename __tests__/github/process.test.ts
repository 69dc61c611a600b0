import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { startGitHubApi } from '../support/github-api.ts'
import { connectProxy } from '../transport/servers.ts'

const SOURCES = join(import.meta.dirname, '../../src')

/** Runs a module in a process of its own, for what is decided by the environment while it starts. */
async function run(source: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', source.replaceAll('src/', `${SOURCES}/`)],
    { env, timeout: 120_000 },
  )
  return stdout.trim()
}

it('goes through the proxy of the environment', async () => {
  const github = await startGitHubApi({ path: '/api/v3' })
  onTestFinished(() => github.stop())
  github.labels.set(7, ['size-ok'])
  const proxy = await connectProxy()
  onTestFinished(() => proxy.stop())
  const apiUrl = `http://github.test:${github.host.split(':')[1]}/api/v3`
  const stdout = await run(
    `import { createGitHubApi } from 'src/github/api.ts'
     import { createSend } from 'src/transport/send.ts'
     const log = { debug() {}, info() {}, notice() {}, warning() {} }
     const repository = { owner: 'acme', name: 'api' }
     const { send, dispose } = createSend({ userAgent: 'x', insecureOrigins: new Set(), ca: null, env: process.env, clock: Date.now, log })
     const api = createGitHubApi({ send, apiUrl: '${apiUrl}', token: 'ghs_test', repository, userAgent: 'x', log, clock: Date.now })
     console.log(JSON.stringify([await api.labels(7), await api.viewer()]))
     dispose()`,
    { GITHUB_API_URL: apiUrl, http_proxy: `http://127.0.0.1:${proxy.port}` },
  )
  expect(JSON.parse(stdout)).toEqual([['size-ok'], 'github-actions[bot]'])
  expect(proxy.asked.map(({ target }) => target)).toContain(new URL(apiUrl).host)
})

it('survives a payload that is not JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  await writeFile(path, '{"pull_request":')
  const stdout = await run(
    `import 'src/github/api.ts'
     import { readEvent } from 'src/github/event-file.ts'
     console.log((await readEvent(process.env)).warnings.join())`,
    { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path },
  )
  expect(stdout).toBe(
    'pull_request: the payload of the event is not JSON; going on as without a pull request',
  )
})
