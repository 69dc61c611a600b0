import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const entry = join(import.meta.dirname, '../../dist/index.js')

/** What Node 20 is to a program: its version, and the functions that it lacks. */
const NODE_20 = `
  Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
  delete Promise.withResolvers
  delete Map.groupBy
  delete URL.parse
  delete Set.prototype.union
`

it('says on an older Node in one line which one it needs', async () => {
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    (done) => {
      const parameters = ['--import', `data:text/javascript,${encodeURIComponent(NODE_20)}`, entry]
      execFile(process.execPath, parameters, { env: { INPUT_IMAGE: 'acme/api' } }, (error, out, err) =>
        done({ code: error?.code ?? 0, stdout: out, stderr: err }),
      )
    },
  )
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^::error::registry-warden needs Node 24, and this is Node 20\.20\.2 \(.*\)\. Update.*\n$/,
  )
  expect(stderr).toBe('')
})
