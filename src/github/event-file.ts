import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { EventContext } from '../domain/event.ts'
import { MAX_EVENT_BYTES, parseEvent } from '../wire/event.ts'
import type { Environment } from '../domain/environment.ts'

/** What started this run; never fails, as `parseEvent` says. */
export async function readEvent(env: Environment): Promise<EventContext> {
  return parseEvent(env, await readPayload(env['GITHUB_EVENT_PATH']))
}

/** The payload, or so much of it that `parseEvent` sees that it is too large. */
async function readPayload(path: string | undefined): Promise<Buffer | null> {
  if (!path) return null
  try {
    // a pipe that nobody writes to must not hold the run, nor a device without end
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    if (!(await file.stat()).isFile()) return null
    const start = file.createReadStream({ end: MAX_EVENT_BYTES, autoClose: false })
    return Buffer.concat(await start.toArray())
  } catch {
    return null
  }
}
