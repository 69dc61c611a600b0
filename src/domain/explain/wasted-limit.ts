import { inputError } from '../errors.ts'
import { asBytes, parseBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { WastedBytes } from './wasted.ts'

/** `max-wasted` or `warn-wasted`: bytes, or a share of the unpacked bytes of all layers. */
export type WastedLimit = { readonly text: string } & (
  | { readonly unit: 'bytes'; readonly bytes: Bytes }
  /** in millionths, so that no fraction is ever rounded */
  | { readonly unit: 'share'; readonly millionths: number }
)

export interface WastedLimits {
  readonly max: WastedLimit | null
  readonly warn: WastedLimit | null
}

const SHARE = /^(\d{1,3})(?:\.(\d{1,4}))? ?%$/
const WHOLE = 1_000_000

/**
 * Parses `20MiB` or `5%`; empty means no limit. Zero is accepted: nothing may be wasted.
 * @throws WardenError of kind `input`
 */
export function parseWastedLimit(text: string, input: string): WastedLimit | null {
  if (text === '') return null
  const [, whole, fraction = ''] = SHARE.exec(text) ?? []
  if (whole === undefined) {
    if (text.includes('%')) throw inputError(input, text, 'Write a size (20MiB) or a share of the image (5%)')
    return { text, unit: 'bytes', bytes: parseBytes(text, input) }
  }
  const millionths = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'))
  if (millionths > WHOLE) throw inputError(input, text, 'No image wastes more than 100%')
  return { text, unit: 'share', millionths }
}

/** The most bytes that may be wasted in an image. */
export function allowedWaste(limit: WastedLimit, { unpacked }: WastedBytes): Bytes {
  if (limit.unit === 'bytes') return limit.bytes
  return asBytes(Number((BigInt(unpacked) * BigInt(limit.millionths)) / BigInt(WHOLE)))
}
