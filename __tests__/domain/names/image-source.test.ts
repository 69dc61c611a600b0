import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDigest } from '../../../src/domain/names/digest.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import { formatImageSource, parseImageSource, readingsOf } from '../../../src/domain/names/image-source.ts'

describe('parseImageSource', () => {
  it.each([
    ['oci-layout://out', 'oci-layout', 'out', null],
    ['oci-layout://./out/app:v1', 'oci-layout', './out/app', 'v1'],
    ['oci-layout:///abs/out', 'oci-layout', '/abs/out', null],
    ['oci-layout://.:v1', 'oci-layout', '.', 'v1'],
    ['oci-layout://out/a:b/', 'oci-layout', 'out/a:b/', null],
    ['oci-layout://out/a:b/:v1', 'oci-layout', 'out/a:b/', 'v1'],
    ['oci-archive://image.tar', 'oci-archive', 'image.tar', null],
    ['oci-archive:///tmp/image.tar.gz:1.2.3', 'oci-archive', '/tmp/image.tar.gz', '1.2.3'],
    ['oci-archive://a:b:c', 'oci-archive', 'a:b', 'c'],
    ['oci-archive://C:\\out\\image.tar', 'oci-archive', 'C:\\out\\image.tar', null],
    ['oci-archive://C:/out/image.tar:v1', 'oci-archive', 'C:/out/image.tar', 'v1'],
    ['docker-archive://image.tar', 'docker-archive', 'image.tar', null],
    ['docker-archive://image:v1.tar', 'docker-archive', 'image:v1.tar', null],
    ['docker-archive://with blank.tar', 'docker-archive', 'with blank.tar', null],
  ])('%s', (text, format, path, tag) => {
    const source = parseImageSource(text)
    expect(source).toEqual({ format, path, tag })
    expect(source && formatImageSource(source)).toBe(text)
  })

  it.each([
    'alpine',
    'ghcr.io/acme/api:v1',
    'oci-archive:v1',
    'docker-archive:1.0',
    'acme/image.tar',
    'acme/oci-archive:out',
    'OCI-LAYOUT://out',
    'http://r.test',
    ' oci-layout://x',
  ])('leaves %s to the references', (text) => expect(parseImageSource(text)).toBeNull())

  it.each([
    [
      './image.tar',
      /oci-archive:\/\/\.\/image\.tar or docker-archive:\/\/\.\/image\.tar, .*oci-layout:\/\/\.\/image/,
    ],
    ['../out', /oci-layout:\/\/\.\.\/out$/],
    ['/tmp/image.tar', /docker-archive:\/\/\/tmp\/image\.tar/],
    ['.\\image.tar', /docker-archive:/],
    ['oci-archive:image.tar', /^Write oci-archive:\/\/image\.tar$/],
    ['oci-archive:image.tar.gz:v1', /^Write oci-archive:\/\/image\.tar\.gz:v1$/],
    ['docker-archive:/tmp/image.tar', /^Write docker-archive:\/\/\/tmp\/image\.tar$/],
    ['oci-layout:./out', /^Write oci-layout:\/\/\.\/out$/],
    ['oci-layout://', /Write oci-layout:\/\/FOLDER/],
    ['oci-layout://:v1', /Write oci-layout:\/\/FOLDER/],
    ['docker-archive://', /Write docker-archive:\/\/FILE/],
    ['oci-layout://out:', /must be a tag/],
    ['oci-archive://image.tar:a b', /"a b".*must be a tag/],
    ['oci-archive://image.tar:-v1', /must be a tag/],
    ['oci-layout://out\u0000', /control characters/],
    ['docker-archive://out\n::error::', /control characters/],
    [`oci-layout://${'a'.repeat(5000)}`, /4096/],
  ])('refuses %s', (text, message) => {
    const parse = () => parseImageSource(text, 'baseline')
    expect(parse).toThrow(WardenError)
    expect(parse).toThrow(/^input baseline: /)
    expect(advice(parse)).toMatch(message)
  })

  it('takes a digest after the tag, and only a digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    const text = `oci-layout://out:v1@${digest}`
    expect(parseImageSource(text)).toEqual({ format: 'oci-layout', path: 'out', tag: 'v1', digest })
    expect(
      formatImageSource({ format: 'oci-layout', path: 'out', tag: null, digest: parseDigest(digest) }),
    ).toBe(`oci-layout://out@${digest}`)
    expect(advice(() => parseImageSource('oci-layout://out@sha256:a'))).toMatch(/must be a digest/)
  })

  it('answers any path with a source that it writes as it was, or with an input error', () => {
    const formats = fc.constantFrom('oci-layout', 'oci-archive', 'docker-archive')
    fc.assert(
      fc.property(formats, fc.string(), (format, rest) => {
        const text = `${format}://${rest}`
        expect([text, 'input']).toContain(outcome(text))
      }),
    )
  })
})

describe('readingsOf', () => {
  it.each([
    ['oci-layout://out', [['out', null]]],
    [
      'oci-layout://out:centos:7.9',
      [
        ['out:centos', '7.9'],
        ['out', 'centos:7.9'],
      ],
    ],
    [
      'oci-layout://out:docker.io/library/app',
      [
        ['out:docker.io/library/app', null],
        ['out', 'docker.io/library/app'],
      ],
    ],
    ['oci-archive://C:\\out\\image.tar:v1', [['C:\\out\\image.tar', 'v1']]],
    ['docker-archive://image:v1.tar', [['image:v1.tar', null]]],
  ])('%s', (text, readings) => {
    const source = parseImageSource(text)
    expect(source && readingsOf(source).map(({ path, name }) => [path, name])).toEqual(readings)
  })
})

function outcome(text: string): string | null {
  try {
    const source = parseImageSource(text)
    return source && formatImageSource(source)
  } catch (error) {
    return error instanceof WardenError ? error.kind : String(error)
  }
}

function advice(parse: () => unknown): string | null {
  try {
    parse()
  } catch (error) {
    return error instanceof WardenError ? error.advice : null
  }
  return null
}
