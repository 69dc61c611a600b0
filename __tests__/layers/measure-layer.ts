import { createReadStream, readFileSync, statSync } from 'node:fs'
import { MOST_PATH_WEIGHT } from '../../src/domain/explain/ports.ts'
import { parseDigest } from '../../src/domain/names/digest.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { streamLayer } from '../../src/layers/stream-layer.ts'

// Run on its own, so that time and memory are those of one layer: prints both.
const [, , file = '', digest = ''] = process.argv
const blob = {
  digest: parseDigest(digest),
  size: asBytes(statSync(file).size),
  mediaType: '',
  annotations: new Map<string, string>(),
}
const peak = (): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
const before = peak()
const started = performance.now()
const { entries, unpacked } = await streamLayer(createReadStream(file), blob, {
  isExact: true,
  room: MOST_PATH_WEIGHT,
})
const took = performance.now() - started
console.log(JSON.stringify({ files: entries.size, unpacked, took, more: peak() - before }))
