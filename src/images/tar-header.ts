import { WardenError } from '../domain/errors.ts'

/**
 * Archives are made of blocks; content is padded to whole ones (POSIX.1-2017 pax, "ustar Interchange
 * Format").
 */
export const BLOCK = 512

export interface TarHeader {
  readonly name: string
  /** what a link points to */
  readonly target: string
  /** bytes of content that follow, padding left out */
  readonly size: number
  /**
   * one character: `0` file, `1` hard link, `2` symbolic link, `5` folder, `x`, `g`, `L` and `K` about the
   * next entry
   */
  readonly type: string
}

/**
 * Links, devices, folders: no content, whatever their size says; old hard links repeat the size of their
 * target.
 */
export function isHeaderOnly(type: string): boolean {
  return /^[1-6]$/.test(type)
}

/**
 * Before ustar, a folder was a file whose name ends in a slash. To be asked of the whole name: what a header has of a
 * long one is cut after 100 bytes, which may be behind a slash.
 */
export function isOldFolder(type: string, name: string): boolean {
  return type === '0' && name.endsWith('/')
}

/**
 * Reads one header block; null for the empty block that ends an archive.
 * @throws WardenError of kind `protocol` when it is not one
 */
export function parseTarHeader(block: Buffer): TarHeader | null {
  if (block[0] === 0 && block.every((byte) => byte === 0)) return null
  if (!isTarHeader(block))
    throw new WardenError('protocol', 'the archive is damaged: a header has a wrong checksum')
  const type = block[156] === 0 ? '0' : block.toString('latin1', 156, 157)
  const name = textAt(block, 0, 100)
  // GNU tar keeps times where ustar has the prefix, and says so with blanks behind its magic
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : ''
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    target: textAt(block, 157, 100),
    size: sizeAt(block, 124),
    type,
  }
}

/** Whether the checksum fits: all bytes added up, those of the checksum itself taken as blanks. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length !== BLOCK) return false
  const written = /^ *([0-7]{1,7})[ \0]*$/.exec(block.toString('latin1', 148, 156))?.[1]
  if (written === undefined) return false
  // a plain loop: layers have hundreds of thousands of headers
  let sum = 8 * 32
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return Number(`0o${written}`) === sum
}

/**
 * Reads the records of a pax header, `<length> <key>=<value>\n`, where the length counts the whole record in
 * bytes.
 * @throws WardenError of kind `protocol`
 */
export function parsePaxRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  let start = 0
  while (start < bytes.length && bytes[start] !== 0) {
    const length = /^(\d{1,7}) /.exec(bytes.toString('latin1', start, start + 8))?.[1]
    const end = start + Number(length ?? 0)
    const record = bytes.toString('utf8', start + (length?.length ?? 0) + 1, end - 1)
    const equals = record.indexOf('=')
    if (length === undefined || end > bytes.length || bytes[end - 1] !== 10 || equals < 1) {
      throw new WardenError('protocol', 'the archive is damaged: a pax header has a malformed record')
    }
    records.set(record.slice(0, equals), record.slice(equals + 1))
    start = end
  }
  return records
}

/** Text up to the first NUL. */
export function textAt(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? field.length : end)
}

/** No archive has a petabyte; behind one, positions would no longer be safe integers. */
export function isTarSize(size: number): boolean {
  return Number.isSafeInteger(size) && size <= 1024 ** 5
}

/**
 * A size of twelve bytes: octal digits, or from 8 GiB on a binary number behind a byte of 0x80 (GNU, star).
 * @throws WardenError of kind `protocol`
 */
export function sizeAt(block: Buffer, start: number): number {
  const field = block.subarray(start, start + 12)
  const binary = field[0] === 0x80 ? BigInt(`0x${field.toString('hex', 1)}`) : null
  const octal = /^ *([0-7]{0,12})[ \0]*$/.exec(field.toString('latin1'))?.[1]
  const size = binary === null ? Number(`0o${octal === '' ? '0' : octal}`) : Number(binary)
  if (!isTarSize(size)) throw new WardenError('protocol', 'the archive is damaged: a size is not a number')
  return size
}
