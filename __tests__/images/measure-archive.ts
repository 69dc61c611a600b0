import { existsSync, readFileSync } from 'node:fs'
import { parseImageSource } from '../../src/domain/names/image-source.ts'
import { openLocalImage } from '../../src/images/open.ts'
import { measure } from './measuring.ts'

// Run on its own, so that the memory is only that of reading: prints the size and the most memory there was.
const source = parseImageSource(process.argv[2] ?? '')
if (source === null) throw new Error('name an image')
const { size } = await measure(await openLocalImage(source))
// on Linux, maxRSS would count the process that started this one, too
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
console.log(JSON.stringify({ size, peak: Number(kilobytes) * 1024 }))
