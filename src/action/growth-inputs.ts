import { WardenError } from '../domain/errors.ts'
import { parseBaseline } from '../domain/growth/baseline.ts'
import type { IncreaseRule } from '../domain/growth/increase.ts'
import { parseReference } from '../domain/names/reference.ts'
import type { Registry } from '../domain/names/reference.ts'
import { formatBytes, parseBytes } from '../domain/quantities/bytes.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import type { InputName } from './input-catalog.ts'
import type { InputReader } from './input-reader.ts'
import type { GrowthSettings } from './settings.ts'

/**
 * Parses what images are compared with and split by.
 * @throws WardenError of kind `input`, also for an input that has no meaning without another one that is
 * empty
 */
export function parseGrowth(reader: InputReader, registry: Registry, limits: SizeLimits): GrowthSettings {
  const baseline = parseBaseline(reader.list('baseline'), registry)
  if (baseline.length === 0) {
    for (const name of ['max-increase', 'warn-increase', 'minimum-change-threshold'] as const) {
      rejectAlone(reader, name, 'baseline', 'baseline: ":main"')
    }
  }
  const base = reader.text('base-image')
  if (base === '') rejectAlone(reader, 'ignore-base', 'base-image', 'base-image: auto')
  const threshold = reader.text('minimum-change-threshold')
  const minimumChange = parseBytes(threshold, 'minimum-change-threshold')
  for (const rule of limits.maxIncrease) rejectUnreachable('max-increase', rule, minimumChange)
  for (const rule of limits.warnIncrease) rejectUnreachable('warn-increase', rule, minimumChange)
  return {
    baseline,
    minimumChange,
    baseImage: base === '' ? null : base === 'auto' ? base : parseReference(base, registry, 'base-image'),
  }
}

function rejectAlone(reader: InputReader, name: InputName, needed: InputName, example: string): void {
  if (!reader.given(name)) return
  throw new WardenError('input', `input ${name} is given without ${needed}`, {
    advice: `Add ${example}, or remove ${name}`,
  })
}

/** A change below the threshold counts as none, so a smaller limit would never be what is exceeded. */
function rejectUnreachable(input: InputName, rule: IncreaseRule, minimumChange: number): void {
  for (const part of rule.parts) {
    if (part.unit !== 'bytes' || part.bytes === 0 || part.bytes >= minimumChange) continue
    const threshold = formatBytes(minimumChange, 'iec')
    const where = part.text === rule.rule ? '' : ` in "${rule.rule}"`
    throw new WardenError(
      'input',
      `input ${input}: ${part.text}${where} lies below minimum-change-threshold, ${threshold}`,
      { advice: 'Lower minimum-change-threshold: smaller changes count as unchanged' },
    )
  }
}
