import { execFile } from 'node:child_process'
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseTag } from '../../src/domain/names/tag.ts'
import { openLocalImage, openOciLayout } from '../../src/images/open.ts'
import { blob, layer } from '../support/blobs.ts'
import { attestation, image, index, json } from '../support/images.ts'
import { REF_NAME, blobPath, folderOf, layoutFiles, temporaryFile, temporaryFolder } from './archives.ts'
import { expectedNumbers, measure, numbersOf } from './measuring.ts'

const base = layer('base', 50_000)
const amd = image([base, layer('amd', 20_000)])
const arm = image([base, layer('arm', 30_000)], { platform: 'linux/arm64' })
const multi = index([amd, attestation(amd), arm, attestation(arm)])
const other = image([layer('other', 4000)], { format: 'docker' })

const tag = (text: string) => parseTag(text, 'image')
const named = (name: string) => ({ [REF_NAME]: name })

describe('an OCI layout measures what a registry would', () => {
  it.each([
    ['an image', amd],
    ['a Docker image', other],
    ['an index with attestations', multi],
    ['an index in an index', index([multi])],
    ['a repeated layer', image([base, base, layer('top', 64)])],
    [
      'zstd and plain layers',
      image([layer('z', 9000, { compression: 'zstd' }), layer('p', 4096, { compression: 'none' })]),
    ],
    ['a foreign layer, which no layout has', image([layer('far', 7000, { foreign: true }), base])],
  ])('%s', async (_, built) => {
    const opened = await openOciLayout(await folderOf(layoutFiles(built)), null)
    const report = await measure(opened)
    expect(numbersOf(report)).toEqual(expectedNumbers(built))
    expect(report.platforms.map(({ estimated }) => estimated)).not.toContain(true)
  })

  it('several platforms in index.json itself, as go-containerregistry writes them', async () => {
    const report = await measure(
      await openOciLayout(await folderOf(layoutFiles(amd, attestation(amd), arm)), null),
    )
    expect(report).toMatchObject({ size: multi.size, uniqueSize: multi.uniqueSize })
    expect(report.platforms.map(({ digest }) => digest)).toEqual([amd.manifest.digest, arm.manifest.digest])
  })

  it('names layers by the history of the config', async () => {
    const report = await measure(await openOciLayout(await folderOf(layoutFiles(amd)), null))
    expect(report.platforms[0]?.layers.map(({ createdBy }) => createdBy)).toEqual([
      'COPY base /',
      'COPY amd /',
    ])
  })
})

describe('the image of a layout that is meant', () => {
  const layout = () =>
    folderOf(
      layoutFiles(
        { image: amd, annotations: named('v1') },
        { image: arm, annotations: named('registry.test:5000/team/app:v2@sha256:abc') },
        { image: other, annotations: { 'io.containerd.image.name': 'docker.io/library/other:v3' } },
        other,
      ),
    )

  it.each([
    ['v1', amd],
    ['v2', arm],
    ['v3', other],
  ])('has the tag %s', async (name, built) => {
    const opened = await openOciLayout(await layout(), tag(name))
    expect(opened).toMatchObject({ top: built.manifest.digest, tag: name })
    expect(await opened.tags()).toEqual(['v1', 'v2', 'v3'])
    expect((await opened.manifest(tag('v1'))).digest).toBe(amd.manifest.digest)
  })

  it('must be named when there are several', async () => {
    await expect(openOciLayout(await layout(), null)).rejects.toMatchObject({
      kind: 'input',
      line: expect.stringMatching(
        /several images are in it: v1, .*:v2@sha256:abc, docker.io.*:v3, .*without a name\. .*:TAG/,
      ),
    })
  })

  it('is not found under an unknown tag, and others are named', async () => {
    await expect(openOciLayout(await layout(), tag('v9'))).rejects.toMatchObject({
      kind: 'not-found',
      line: expect.stringMatching(/no image in it has the tag v9\. Did you mean (:v\d(, )?){3}\?/),
    })
  })

  it('is not found under a tag like no other, and all are named', async () => {
    await expect(openOciLayout(await layout(), tag('production'))).rejects.toMatchObject({
      advice: 'It has v1, v2, v3',
    })
  })

  it('needs no tag when it is alone, and says the one it has', async () => {
    const folder = await folderOf(
      layoutFiles({ image: amd, annotations: named('v1') }, { image: amd, annotations: named('app:v1') }),
    )
    expect(await openOciLayout(folder, null)).toMatchObject({ top: amd.manifest.digest, tag: 'v1' })
    const unnamed = await openOciLayout(await folderOf(layoutFiles(amd)), null)
    expect([unnamed.tag, await unnamed.tags()]).toEqual([null, []])
  })

  it('is ambiguous when two repositories have the tag', async () => {
    const folder = await folderOf(
      layoutFiles({ image: amd, annotations: named('a/x:v1') }, { image: arm, annotations: named('a/y:v1') }),
    )
    await expect(openOciLayout(folder, tag('v1'))).rejects.toThrow(
      'several images have the tag v1: a/x:v1, a/y:v1',
    )
  })

  it('is not the same platform twice', async () => {
    await expect(openOciLayout(await folderOf(layoutFiles(amd, other)), null)).rejects.toThrow(
      /several images/,
    )
  })

  it('cannot be chosen from nothing', async () => {
    await expect(openOciLayout(await folderOf(layoutFiles()), null)).rejects.toThrow(
      'index.json lists no image',
    )
  })

  it('writes no control characters of names into messages', async () => {
    const hostile = named('v1\n::error::\u202e')
    const folder = await folderOf(layoutFiles({ image: amd, annotations: hostile }, other))
    await expect(openOciLayout(folder, null)).rejects.toThrow(/^[^\p{Cc}\p{Cf}]*$/u)
  })
})

describe('a layout that is damaged', () => {
  const read = async (files: ReturnType<typeof layoutFiles>) => {
    const opened = await openOciLayout(await folderOf(files), null)
    return opened.manifest(opened.top)
  }
  const path = (part: { digest: typeof base.digest }) => blobPath(part.digest)
  const [config] = amd.blobs

  it.each([
    ['no version file', { 'oci-layout': undefined }, 'protocol'],
    ['no index', { 'index.json': undefined }, 'protocol'],
    ['another version', { 'oci-layout': '{"imageLayoutVersion":"2.0"}' }, 'protocol'],
    ['a huge version file', { 'oci-layout': ' '.repeat(70_000) }, 'protocol'],
    ['a huge index', { 'index.json': ' '.repeat(5 << 20) }, 'protocol'],
    [
      'an index that is none',
      { 'index.json': json({ schemaVersion: 2, config: {}, layers: [] }) },
      'protocol',
    ],
    ['a manifest that is missing', { [path(amd.manifest)]: undefined }, 'integrity'],
    ['a manifest of other content', { [path(amd.manifest)]: arm.manifest.bytes }, 'integrity'],
    ['a layer that is missing', { [path(base)]: undefined }, 'integrity'],
    ['a layer that was cut', { [path(base)]: 'short' }, 'integrity'],
    ['a config of another size', { [path(config!)]: '{}' }, 'integrity'],
  ])('%s', async (_, change, kind) => {
    const { ...files }: Record<string, string | Buffer | undefined> = { ...layoutFiles(amd), ...change }
    const changed = Object.entries(files).flatMap(([name, content]) =>
      content === undefined ? [] : [[name, content]],
    )
    await expect(read(Object.fromEntries(changed))).rejects.toMatchObject({ name: 'WardenError', kind })
  })

  it('misses a platform that an index lists: only that one is not found', async () => {
    const files = Object.entries(layoutFiles(multi)).filter(([name]) => name !== path(arm.manifest))
    const opened = await openOciLayout(await folderOf(Object.fromEntries(files)), null)
    expect((await opened.manifest(amd.manifest.digest)).digest).toBe(amd.manifest.digest)
    await expect(opened.manifest(arm.manifest.digest)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('has a config of other content', async () => {
    const size = config!.bytes.length
    const opened = await openOciLayout(
      await folderOf({ ...layoutFiles(amd), [path(config!)]: 'x'.repeat(size) }),
      null,
    )
    const { manifest } = await opened.manifest(opened.top)
    if (manifest.kind !== 'image') throw new Error('an image was built')
    await expect(opened.config(manifest.config)).rejects.toMatchObject({ kind: 'integrity' })
  })

  it('says the stored size of blobs', async () => {
    const opened = await openOciLayout(await folderOf(layoutFiles(amd)), null)
    expect(await opened.blobSize(base.digest)).toBe(50_000)
    await expect(opened.blobSize(blob(Buffer.from('?'), '').digest)).rejects.toMatchObject({
      kind: 'not-found',
    })
  })

  it('never reads a layer, however large it is', async () => {
    const folder = await folderOf(layoutFiles(amd))
    await truncate(join(folder, path(base)), 6 * 1024 ** 3)
    const opened = await openOciLayout(folder, null)
    await expect(opened.manifest(opened.top)).rejects.toThrow(`${6 * 1024 ** 3} bytes instead of 50000`)
  })
})

describe('a layout that wants out', () => {
  /** Moves a part of the layout elsewhere and leaves a link to it. */
  const moved = async (name: string): Promise<string> => {
    const folder = await folderOf(layoutFiles(amd))
    const away = join(await temporaryFolder(), 'away')
    await rename(join(folder, name), away)
    await symlink(away, join(folder, name))
    return folder
  }

  it.each([
    'oci-layout',
    'index.json',
    'blobs',
    'blobs/sha256',
    blobPath(amd.manifest.digest),
    blobPath(base.digest),
  ])('through a symbolic link at %s is refused', async (name) => {
    const reading = openOciLayout(await moved(name), null).then((opened) => opened.manifest(opened.top))
    await expect(reading).rejects.toThrow(/symbolic link.*|cp -rL/)
  })

  it('through a link to a neighbour is refused, too', async () => {
    const folder = await folderOf(layoutFiles(amd))
    await rename(join(folder, 'index.json'), join(folder, 'other.json'))
    await symlink('other.json', join(folder, 'index.json'))
    await expect(openOciLayout(folder, null)).rejects.toThrow(/symbolic link/)
  })

  it('may itself be named through one', async () => {
    const there = join(await temporaryFolder(), 'link')
    await symlink(await folderOf(layoutFiles(amd)), there)
    expect((await openOciLayout(there, null)).top).toBe(amd.manifest.digest)
  })

  it.each(['sha256:../../../../../etc/passwd', '../../etc:passwd', 'sha256:..'])(
    'by the digest %s is refused',
    async (digest) => {
      const files = layoutFiles()
      const entry = { mediaType: amd.manifest.mediaType, digest, size: 10 }
      files['index.json'] = json({ schemaVersion: 2, manifests: [entry] })
      await expect(openOciLayout(await folderOf(files), null)).rejects.toThrow(/must be a digest/)
    },
  )

  it('has named pipes and folders instead of files: refused without waiting', async () => {
    const folder = await folderOf(layoutFiles(amd))
    const manifest = join(folder, blobPath(amd.manifest.digest))
    await rm(join(folder, blobPath(base.digest)))
    await mkdir(join(folder, blobPath(base.digest)))
    const opened = await openOciLayout(folder, null)
    await expect(opened.manifest(opened.top)).rejects.toThrow(/not a regular file/)
    await rm(manifest)
    await promisify(execFile)('mkfifo', [manifest])
    const again = await openOciLayout(folder, null)
    await expect(again.manifest(again.top)).rejects.toThrow(/not a regular file/)
  })
})

describe('openLocalImage', () => {
  it('puts the name before what went wrong', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    const open = (path: string) => openLocalImage({ format: 'oci-layout', path, tag: tag('v1') })
    await expect(open(folder)).rejects.toMatchObject({
      kind: 'protocol',
      line: `oci-layout://${folder}:v1: there is no oci-layout. Is it an OCI layout?`,
    })
    await expect(open(join(folder, 'none'))).rejects.toMatchObject({ kind: 'not-found' })
    await expect(open(join(folder, 'file/none'))).rejects.toMatchObject({ kind: 'not-found' })
    await expect(open(join(folder, 'file'))).rejects.toMatchObject({
      kind: 'input',
      advice: expect.stringContaining('oci-archive://'),
    })
  })

  it('puts the name before what is found to be wrong later', async () => {
    const files = layoutFiles({ image: amd, annotations: named('v1') })
    const folder = await folderOf(files)
    const opened = await openLocalImage({ format: 'oci-layout', path: folder, tag: tag('v1') })
    await rm(join(folder, 'blobs'), { recursive: true })
    await expect(opened.manifest(opened.top)).rejects.toMatchObject({
      kind: 'integrity',
      message: expect.stringMatching(`^oci-layout://${folder}:v1: there is no blobs/`),
    })
  })

  it('opens each format', async () => {
    const folder = await folderOf(layoutFiles({ image: amd, annotations: named('v1') }))
    const opened = await openLocalImage({ format: 'oci-layout', path: folder, tag: tag('v1') })
    expect(opened.top).toBe(amd.manifest.digest)
    const file = await temporaryFile('text')
    for (const format of ['oci-archive', 'docker-archive'] as const) {
      await expect(openLocalImage({ format, path: file, tag: null })).rejects.toThrow(/not a tar archive/)
      await expect(openLocalImage({ format, path: dirname(file), tag: null })).rejects.toMatchObject({
        advice: 'A folder is read by oci-layout://',
      })
    }
  })
})
