import { inputError } from '../errors.ts'
import type { IncreaseRule } from '../growth/increase.ts'
import { parseBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { parseScope, rejectUnreachable } from './scoped-rule.ts'
import type { ScopedRule } from './scoped-rule.ts'

/** One line of `max-size` or `warn-size`: `[pattern [platform] =] 300MiB`. */
export interface SizeLimit extends ScopedRule {
  readonly bytes: Bytes
}

/**
 * Every limit of `mode: size`; an empty list or null sets none. Of several lines the first that names an
 * image wins.
 */
export interface SizeLimits {
  readonly maxSize: readonly SizeLimit[]
  readonly warnSize: readonly SizeLimit[]
  readonly maxLayers: number | null
  readonly maxLayerSize: Bytes | null
  readonly maxIncrease: readonly IncreaseRule[]
  readonly warnIncrease: readonly IncreaseRule[]
  /** all of them look at own layers only, without those of the base image */
  readonly ignoreBase: boolean
}

const ACCEPTED = 'Write a size (300MiB, 1.5GB) or lines of: pattern [platform] = size'

/**
 * Parses the lines of `max-size` or `warn-size`, in their order.
 * @throws WardenError of kind `input`
 */
export function parseSizeLimits(lines: readonly string[], input: string): SizeLimit[] {
  const rules = lines.map((line) => {
    const { value, ...scope } = parseScope(line, input, ACCEPTED)
    return { ...scope, bytes: parseLimitBytes(value, input) }
  })
  rejectUnreachable(rules, input, () => null)
  return rules
}

function parseLimitBytes(text: string, input: string): Bytes {
  const bytes = parseBytes(text, input)
  if (bytes > 0) return bytes
  throw inputError(input, text, 'A limit of zero fails every image; leave the input empty for no limit')
}

/**
 * Parses `max-layers`: a whole number from 1; empty means no limit.
 * @throws WardenError of kind `input`
 */
export function parseMaxLayers(text: string, input: string): number | null {
  if (text === '') return null
  if (!/^[1-9]\d{0,5}$/.test(text)) throw inputError(input, text, 'Write a whole number from 1')
  return Number(text)
}
