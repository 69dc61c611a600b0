import { WardenError } from '../domain/errors.ts'
import { parseWastedLimit } from '../domain/explain/wasted-limit.ts'
import type { WastedLimits } from '../domain/explain/wasted-limit.ts'
import { parseBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import type { InputReader } from './input-reader.ts'

/** How far `explain: files` goes. */
export interface ExplainSettings {
  /** compressed bytes that may be read from registries */
  readonly budget: Bytes
  readonly wasted: WastedLimits
}

/**
 * Parses how deep sizes are explained; null: layers only, of which nothing is read.
 * @throws WardenError of kind `input`, also for what has no meaning without `explain: files`
 */
export function parseExplain(reader: InputReader): ExplainSettings | null {
  const depth = reader.choice('explain', ['layers', 'files'])
  const settings: ExplainSettings = {
    budget: parseBytes(reader.text('explain-budget'), 'explain-budget'),
    wasted: {
      max: parseWastedLimit(reader.text('max-wasted'), 'max-wasted'),
      warn: parseWastedLimit(reader.text('warn-wasted'), 'warn-wasted'),
    },
  }
  if (depth === 'files') return settings
  for (const name of ['explain-budget', 'max-wasted', 'warn-wasted'] as const) {
    if (!reader.given(name)) continue
    throw new WardenError('input', `input ${name} is given without explain: files`, {
      advice: `Add explain: files, or remove ${name}`,
    })
  }
  return null
}
