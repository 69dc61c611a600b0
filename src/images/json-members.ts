import { WardenError } from '../domain/errors.ts'
import { MAX_MANIFEST_BYTES } from '../wire/manifest.ts'
import { quoted } from './file-errors.ts'

/**
 * Beyond it the largest go: manifests and configs have kilobytes, what has megabytes is an SBOM in an
 * attestation.
 */
const MAX_KEPT = 16 * 1024 * 1024

/**
 * The JSON members of a compressed archive, kept while passing by: which of them are manifests is known only
 * at the end.
 */
export class JsonMembers {
  readonly #kept = new Map<string, Buffer>()
  #total = 0

  async offer(name: string, size: number, content: AsyncIterable<Buffer>): Promise<void> {
    this.#drop(name)
    const bytes = size > MAX_MANIFEST_BYTES ? null : await readJson(content)
    if (bytes === null) return
    this.#kept.set(name, bytes)
    this.#total += bytes.length
    if (this.#total > MAX_KEPT) this.#dropLargest()
  }

  /** @throws WardenError for a member that was not kept */
  get(name: string): Buffer {
    const bytes = this.#kept.get(name)
    if (bytes !== undefined) return bytes
    throw new WardenError('protocol', `${quoted(name)} is not JSON, or the archive holds over 16 MiB of it`, {
      advice: 'Decompress the archive: of a plain one any part can be read',
    })
  }

  #drop(name: string): void {
    this.#total -= this.#kept.get(name)?.length ?? 0
    this.#kept.delete(name)
  }

  /** Somewhat more than has to go, so that sorting stays rare. */
  #dropLargest(): void {
    const bySize = [...this.#kept].toSorted(([, a], [, b]) => b.length - a.length)
    for (const [name] of bySize) {
      if (this.#total <= MAX_KEPT * 0.75) return
      this.#drop(name)
    }
  }
}

/** All of it when it may be JSON, an object or a list; else null, and the rest is not read. */
async function readJson(content: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  for await (const chunk of content) {
    if (chunks.length === 0 && !/^[\t\n\r ]*[[{]/.test(chunk.toString('latin1', 0, 64))) return null
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
