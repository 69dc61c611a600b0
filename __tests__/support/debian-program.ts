import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program that tests drive, and the environment it needs to find its libraries. */
export interface Program {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds a program on PATH, else unpacks its Debian package and the libraries this machine lacks below
 * `node_modules/.cache/registry-warden`; needs no root and installs nothing.
 */
export async function debianProgram(name: string): Promise<Program> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name)
    if (directory && (await isExecutable(path))) return { path, env: {} }
  }
  const root = join(CACHE, name)
  if (!(await isExecutable(join(root, 'usr/bin', name)))) await unpack(name, root)
  return {
    path: join(root, 'usr/bin', name),
    env: { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') },
  }
}

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/registry-warden', import.meta.url))

async function unpack(name: string, root: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  // several test files may ask at once: each unpacks for itself, and the first to finish gives the folder its
  // name
  const work = await mkdtemp(join(CACHE, `${name}-`))
  try {
    const aptOptions = await packageLists(name, work)
    const { stdout } = await run('apt-get', [...aptOptions, '-s', '--no-install-recommends', 'install', name])
    const packages = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, found = '']) => found)
    await run('apt-get', [...aptOptions, 'download', name, ...packages.filter((each) => each !== name)], {
      cwd: work,
    })
    for (const file of await readdir(work)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', file, 'root'], { cwd: work })
    }
    await rename(join(work, 'root'), root).catch(async (error: unknown) => {
      if (!(await isExecutable(join(root, 'usr/bin', name)))) throw error
    })
  } catch (cause) {
    throw new Error(
      `the end-to-end tests need ${name}: it is not on PATH and could not be fetched from Debian's packages. ` +
        `Install it (apt-get install ${name}) and run the tests again`,
      { cause },
    )
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Options under which apt knows the package: the machine's own lists, else lists fetched into a private
 * folder.
 */
async function packageLists(name: string, work: string): Promise<readonly string[]> {
  const asAnyone = ['-o', 'APT::Sandbox::User=root', '-o', 'Debug::NoLocking=true']
  // `madison` names what can be downloaded; `show` would also know what is merely installed
  const { stdout } = await run('apt-cache', ['madison', name])
  if (stdout.includes(name)) return asAnyone
  const [lists, cache] = [join(work, 'lists'), join(work, 'cache')]
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(cache, 'archives/partial'), { recursive: true })
  const options = [...asAnyone, '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`]
  await run('apt-get', [...options, 'update'])
  return options
}

async function libraryFolders(root: string): Promise<readonly string[]> {
  const folders: string[] = []
  for (const parent of ['usr/lib', 'lib']) {
    const entries = await readdir(join(root, parent)).catch(() => [])
    folders.push(
      join(root, parent),
      ...entries.filter((each) => each.includes('-linux-')).map((each) => join(root, parent, each)),
    )
  }
  return folders
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
