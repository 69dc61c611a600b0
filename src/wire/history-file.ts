import { z } from 'zod'
import type { SizeEntry } from '../domain/history/history.ts'
import { formatTimestamp, parseTimestamp } from '../domain/quantities/timestamp.ts'
import { bytes, digest } from './report-fields.ts'

/** A thousand runs of fifty platform images stay below it. */
export const MAX_HISTORY_BYTES = 32 * 1024 * 1024

const entry: z.ZodType<SizeEntry> = z.object({
  at: z
    .string()
    .max(64)
    .transform((value, context) => {
      const at = parseTimestamp(value)
      if (at === null) context.addIssue({ code: 'custom', message: 'not a time' })
      return at ?? z.NEVER
    }),
  commit: z.string().min(1).max(128),
  ref: z.string().max(1_000),
  repository: z.string().min(1).max(1_000),
  platform: z.string().max(300).nullable(),
  size: bytes,
  digest,
})

/** A history as it was read: what could be, and how many lines could not. */
export interface HistoryFile {
  readonly entries: readonly SizeEntry[]
  readonly broken: number
}

/**
 * Reads a history. A job that was cancelled while it wrote leaves a last line that is cut short; such a line,
 * or any other that is not one of ours, is left out and counted.
 */
export function parseHistory(text: string): HistoryFile {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const entries = lines.flatMap((line) => parseEntry(line) ?? [])
  return { entries, broken: lines.length - entries.length }
}

function parseEntry(line: string): SizeEntry | null {
  try {
    const read = entry.safeParse(JSON.parse(line))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/**
 * A line for each entry, in this order of fields; beyond `MAX_HISTORY_BYTES` the oldest runs are left out.
 */
export function writeHistory(entries: readonly SizeEntry[]): string {
  const lines = entries.map((entry) => ({ entry, text: lineOf(entry) }))
  let bytes = 0
  const last = lines.findLastIndex(({ text }) => (bytes += Buffer.byteLength(text)) > MAX_HISTORY_BYTES)
  const cut = lines[last]?.entry
  return (
    lines
      .slice(last + 1)
      // half a run would draw a step that never was
      .filter(({ entry: { commit, ref } }) => commit !== cut?.commit || ref !== cut.ref)
      .map(({ text }) => text)
      .join('')
  )
}

function lineOf({ at, commit, ref, repository, platform, size, digest: hash }: SizeEntry): string {
  const line = { at: formatTimestamp(at), commit, ref, repository, platform, size, digest: hash }
  return `${JSON.stringify(line)}\n`
}
