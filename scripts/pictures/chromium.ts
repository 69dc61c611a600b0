import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--no-first-run',
  '--incognito',
]
/** CSS pixels; the README shows pictures a little smaller */
const WIDTH = 900
const SCALE = 1.5

/** Draws a page as high as what it holds, by Debian's Chromium (or what `CHROMIUM` names). */
export async function drawPage(html: string, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'))
  try {
    const page = join(folder, 'page.html')
    // the height is known once it is laid out: a first visit asks for it
    await writeFile(page, `${html}<script>document.title = document.body.scrollHeight</script>`)
    const chromium = (options: readonly string[]) =>
      run(process.env['CHROMIUM'] ?? 'chromium', [...QUIET, ...options, pathToFileURL(page).href], {
        maxBuffer: 16 * 1024 * 1024,
      })
    const { stdout } = await chromium([`--window-size=${WIDTH},100`, '--dump-dom'])
    const height = Number(/<title>(\d+)<\/title>/.exec(stdout)?.[1])
    if (!(height > 0)) throw new Error('Chromium did not lay out the page')
    const picture = join(folder, 'picture.png')
    await chromium([
      `--window-size=${WIDTH},${height}`,
      `--force-device-scale-factor=${SCALE}`,
      `--screenshot=${picture}`,
    ])
    await writeFile(file, await readFile(picture))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
