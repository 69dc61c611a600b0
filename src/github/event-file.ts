import { readFile } from 'node:fs/promises'
import type { EventContext } from '../domain/event.ts'
import { parseEvent } from '../wire/event.ts'
import type { Environment } from '../domain/environment.ts'

/** What started this run; never fails, as `parseEvent` says. */
export async function readEvent(env: Environment): Promise<EventContext> {
  return parseEvent(env, await readPayload(env['GITHUB_EVENT_PATH']))
}

async function readPayload(path: string | undefined): Promise<Buffer | null> {
  if (!path) return null
  try {
    return await readFile(path)
  } catch {
    return null
  }
}
