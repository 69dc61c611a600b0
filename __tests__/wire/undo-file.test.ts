import { describe, expect, it } from 'vitest'
import { parseTag } from '../../src/domain/names/tag.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { parseUndoFile, undoHeader, undoLine } from '../../src/wire/undo-file.ts'
import { layer } from '../support/blobs.ts'
import { image, type BuiltImage } from '../support/images.ts'

const REPOSITORY = 'r.test/team/app'
const one = image([layer('one', 100)])
const two = image([layer('two', 100)])

function line({ manifest }: BuiltImage, tags: readonly string[], mediaType = manifest.mediaType): string {
  return undoLine({
    repository: REPOSITORY,
    digest: manifest.digest,
    stored: { mediaType, bytes: manifest.bytes },
    tags: tags.map((tag) => parseTag(tag, 'test')),
    versionId: null,
  })
}

const read = (...lines: readonly string[]) =>
  parseUndoFile(Buffer.from([undoHeader(asTimestamp(0)), ...lines].join(''))).manifests

describe('an undo file', () => {
  it('gathers the names of a manifest from all its lines', () => {
    expect(read(line(one, ['a']), line(two, []), line(one, ['b', 'a']))).toMatchObject([
      { digest: one.manifest.digest, tags: ['a', 'b'] },
      { digest: two.manifest.digest, tags: [] },
    ])
  })

  it('puts a tag on what it named last', () => {
    expect(read(line(one, ['a', 'b']), line(two, ['b']))).toMatchObject([
      { digest: one.manifest.digest, tags: ['a'] },
      { digest: two.manifest.digest, tags: ['b'] },
    ])
    expect(read(line(one, ['b']), line(two, ['b']), line(one, ['b']))).toMatchObject([
      { digest: one.manifest.digest, tags: ['b'] },
      { digest: two.manifest.digest, tags: [] },
    ])
  })

  it('may be the files of several runs, one after the other', () => {
    const header = undoHeader(asTimestamp(1))
    expect(read(line(one, ['a']), header, line(two, ['a', 'b']))).toMatchObject([
      { digest: one.manifest.digest, tags: [] },
      { digest: two.manifest.digest, tags: ['a', 'b'] },
    ])
    const ofAnother = header.replace('"schemaVersion":1', '"schemaVersion":2')
    expect(() => read(line(one, ['a']), ofAnother)).toThrow('line 3 is not valid: schemaVersion')
  })

  it('believes of the type of a manifest what its bytes state', () => {
    const [{ stored } = {}] = read(line(one, ['a'], 'application/octet-stream'))
    expect(stored?.mediaType).toBe(one.manifest.mediaType)
  })
})
