import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { member, tar, temporaryFolder } from '../images/archives.ts'
import { noise, sha256 } from '../support/blobs.ts'

const run = promisify(execFile)
const MIB = 1024 ** 2
const MEASURED = z.object({ files: z.int(), unpacked: z.int(), took: z.number(), more: z.number() })

it('a layer is read in bounded memory, at no less than half the speed of gzip and tar', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'layer.tar.gz')
  const text = Buffer.from('import { thing } from "./thing.js"\n'.repeat(3_000))
  const files = Array.from({ length: 1_500 }, (_, at) =>
    member({
      name: `app/node_modules/${at % 60}/${at}.js`,
      content: at % 3 === 0 ? noise(`${at}`, 60_000) : text,
    }),
  )
  const stored = gzipSync(Buffer.concat([...files, tar([])]), { level: 1 })
  await writeFile(file, stored)
  const byTools = async () => {
    const started = performance.now()
    await run('sh', ['-c', `gzip -dc ${file} | tar t | wc -l`])
    return performance.now() - started
  }
  const script = join(import.meta.dirname, 'measure-layer.ts')
  const byUs = async () => {
    const { stdout } = await run(process.execPath, [script, file, sha256(stored)])
    return MEASURED.parse(JSON.parse(stdout))
  }
  // the best of some tries: others use this machine, too
  const tools = Math.min(await byTools(), await byTools(), await byTools())
  const tries = [await byUs(), await byUs(), await byUs()]
  expect(tries[0]).toMatchObject({ files: 1_500, unpacked: 1_000 * text.length + 500 * 60_000 })
  expect(Math.min(...tries.map(({ more }) => more))).toBeLessThan(150 * MIB)
  // a second more for the start of the compiler of a fresh process
  expect(Math.min(...tries.map(({ took }) => took))).toBeLessThan(2 * tools + 1_000)
})
