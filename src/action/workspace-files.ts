import { readdir, realpath, stat } from 'node:fs/promises'
import picomatch from 'picomatch'

/** What keeps a walk from going on forever. */
export interface WalkLimits {
  readonly folders: number
  readonly timeIsUp: () => boolean
}

/**
 * A folder on the way, with the real paths of those above it: a link to one of them would go round in
 * circles.
 */
interface Folder {
  readonly path: string
  /** below the part of the pattern that has no wildcard */
  readonly relative: string
  readonly above: readonly string[]
}

/**
 * The files that a glob names, relative to the working folder, in the order in which they are found. Unlike
 * the glob of Node, `*` matches names that begin with a dot, and `**` goes into folders that do or that are
 * links: what is passed over protects nothing. Only `.git` is left out, unless the pattern names it.
 * @throws what the file system says of a folder that cannot be read; RangeError where there are too many
 *   folders
 */
export async function* globFiles(pattern: string, limits: WalkLimits): AsyncGenerator<string> {
  const { base, glob } = picomatch.scan(pattern, { nonegate: true })
  if (glob === '') {
    if (await isThere(pattern)) yield pattern
    return
  }
  const matches = picomatch(glob, { dot: true, nonegate: true, expandRange })
  // without ** a match is no deeper than the pattern has slashes
  const depth = glob.includes('**') ? Infinity : glob.split('/').length
  const takesGit = glob.includes('.git')
  const root = base || (pattern.startsWith('/') ? '/' : '.')
  if (!(await isThere(root))) return

  const waiting: Folder[] = [{ path: root, relative: '', above: [] }]
  for (let walked = 1; ; walked += 1) {
    const folder = waiting.pop()
    if (folder === undefined || limits.timeIsUp()) return
    if (walked > limits.folders) throw new RangeError(`more than ${limits.folders} folders`)
    const real = await realpath(folder.path)
    if (folder.above.includes(real)) continue
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(noneIfNoFolder)
    for (const entry of entries) {
      const { name } = entry
      const path = folder.path === '.' ? name : `${folder.path.replace(/\/$/, '')}/${name}`
      const relative = folder.relative === '' ? name : `${folder.relative}/${name}`
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(path)))
      if (!isFolder) {
        if (matches(relative)) yield path
      } else if (relative.split('/').length < depth && (name !== '.git' || takesGit)) {
        waiting.push({ path, relative, above: [...folder.above, real] })
      }
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return false
      throw error
    },
  )
}

/** A link that leads nowhere is told by whoever reads it, where the pattern names it. */
async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function noneIfNoFolder(error: unknown): [] {
  if (isCode(error, 'ENOTDIR')) return []
  throw error
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** `{1..12}` and `{a..c}` as a regular expression: a class of characters knows no numbers. */
function expandRange(from: string, to: string): string {
  const [first, last] = [Number(from), Number(to)].toSorted((one, other) => one - other)
  if (first === undefined || last === undefined || Number.isNaN(first + last)) return `[${from}-${to}]`
  const width = /^0\d/.test(from) ? from.length : 0
  const numbers = Array.from({ length: last - first + 1 }, (_, index) =>
    String(first + index).padStart(width, '0'),
  )
  return `(?:${numbers.join('|')})`
}
