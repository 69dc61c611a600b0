import { serve } from '../../__tests__/support/loopback.ts'
import { layer } from '../../__tests__/support/blobs.ts'
import { image } from '../../__tests__/support/images.ts'
import { runAction } from '../../__tests__/support/run-action.ts'
import { watchPeak } from './measure.ts'
import { printMemory, printTime } from './table.ts'

const HEAP_MIB = 128
const PAGE = 1000

/**
 * Measures every tag of a large repository with a small heap, against a server in memory: what is kept per
 * tag has to fit.
 * @returns whether the run was green
 */
export async function benchMemory(entry: string, tagCount: number): Promise<boolean> {
  const base = Array.from({ length: 8 }, (_, position) => layer(`base ${position}`, 512))
  const built = Array.from({ length: 50 }, (_, position) => image([...base, layer(`own ${position}`, 512)]))
  const tags = Array.from({ length: tagCount }, (_, position) => `v${String(position).padStart(6, '0')}`)
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server')
    const [, position] = /manifests\/v(\d+)$/.exec(url.pathname) ?? []
    const found = position === undefined ? undefined : built[Number(position) % built.length]
    if (found !== undefined) {
      const { manifest } = found
      response.writeHead(200, {
        'content-type': manifest.mediaType,
        'docker-content-digest': manifest.digest,
      })
      response.end(manifest.bytes)
    } else if (url.pathname.endsWith('/tags/list')) {
      const last = url.searchParams.get('last') ?? ''
      const page = tags.filter((tag) => tag > last).slice(0, PAGE)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name: 'bench/many', tags: page }))
    } else {
      response.writeHead(url.pathname === '/v2/' ? 200 : 404).end()
    }
  })
  try {
    let peak = (): number => 0
    const result = await runAction({
      entry,
      inputs: { image: `${server.host}/bench/many`, registry: server.host, tags: 'all' },
      env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
      timeoutMs: 600_000,
      onStart: (child) => (peak = watchPeak(child)),
    })
    const ended = result.exitCode === 0 ? 'green' : `FAILED (${result.exitCode})`
    console.log(`\n### ${tagCount.toLocaleString('en')} tags with --max-old-space-size=${HEAP_MIB}\n`)
    console.log(
      `${ended} after ${printTime(result.durationMs)}, at most ${printMemory(peak())} of memory in all`,
    )
    return result.exitCode === 0
  } finally {
    await server.stop()
  }
}
