import { statfsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** What a test needs at most, many times over; containers often have 64 MiB only. */
const ROOM = 2 ** 30

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ROOM
  } catch {
    return false
  }
}

const HOME = hasRoom() ? MEMORY : tmpdir()

/**
 * A new folder for small files, in memory where there is room: a registry waits for the disk at every write.
 * Nothing in it may have to be started as a program.
 */
export function memoryFolder(prefix: string): Promise<string> {
  return mkdtemp(join(HOME, prefix))
}
