import { describe, expect, it } from 'vitest'
import {
  entriesWithin,
  fillTag,
  forgottenColon,
  imagesOf,
  parseBaseline,
  placeholdersIn,
  tagOfBranch,
} from '../../../src/domain/growth/baseline.ts'
import type { BaselineEntry, BaselineSeeker } from '../../../src/domain/growth/baseline.ts'
import type { Placeholder } from '../../../src/domain/growth/growth.ts'
import { DOCKER_HUB, formatRepository } from '../../../src/domain/names/reference.ts'
import { lineOf } from '../../support/refusal.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

function entry(text: string): BaselineEntry {
  const [parsed] = parseBaseline([text], DOCKER_HUB)
  if (parsed === undefined) throw new Error('one line makes one entry')
  return parsed
}

const VALUES = new Map<Placeholder, string>([
  ['merge-base', 'aaaa'],
  ['base-sha', 'bbbb'],
  ['base-ref', 'feature/x'],
])

describe('parseBaseline', () => {
  it.each([
    [':main', 'tag', 'main'],
    [':{merge-base}', 'tag', 'aaaa'],
    [':sha-{base-sha}', 'tag', 'sha-bbbb'],
    [':{base-ref}', 'tag', 'feature-x'],
    [':{base-ref}-{base-ref}.{merge-base}', 'tag', 'feature-x-feature-x.aaaa'],
    ['ghcr.io/acme/api', 'reference', 'latest'],
    ['ghcr.io/acme/api:edge', 'reference', 'edge'],
    ['localhost:5000/api:{base-sha}', 'reference', 'bbbb'],
    ['localhost:5000/api', 'reference', 'latest'],
    ['alpine:3', 'reference', '3'],
  ])('reads %j', (text, kind, tag) => {
    const parsed = entry(text)
    expect(parsed).toMatchObject({ kind, text })
    if (parsed.kind === 'local' || parsed.tag === null) throw new Error('it has a tag')
    expect(fillTag(parsed.tag, VALUES)).toBe(tag)
  })

  it('reads a digest, and images that were never pushed', () => {
    expect(entry(`alpine:3@${DIGEST}`)).toMatchObject({ kind: 'reference', tag: null, digest: DIGEST })
    const local = entry('oci-archive://out/main.tar:v1')
    expect(local).toMatchObject({ kind: 'local', source: { path: 'out/main.tar', tag: 'v1' } })
    expect(placeholdersIn(local)).toEqual([])
  })

  it('names the registry of a reference without host', () => {
    const parsed = entry('alpine:3')
    if (parsed.kind !== 'reference') throw new Error('it is a reference')
    expect(formatRepository(parsed.repository)).toBe('docker.io/library/alpine')
  })

  it.each([
    ['', /^input (?:baseline): /],
    [':', /A tag has 1 to 128/],
    [':-main', /A tag has 1 to 128/],
    [':{head-sha}', /\{merge-base\}, \{base-sha\}, \{base-ref\}/],
    [':{merge-base', /\{merge-base\}, \{base-sha\}, \{base-ref\}/],
    [':{MERGE-BASE}', /Placeholders are/],
    ['ghcr.io/{base-ref}/api:main', /in the tag of a reference/],
    ['{base-ref}', /in the tag of a reference/],
    [`api:{base-sha}@${DIGEST}`, /in the tag of a reference/],
    ['oci-layout://out/{base-sha}', /in the tag of a reference/],
    ['https://ghcr.io/acme/api:main', /no scheme/],
    ['https://ghcr.io/acme/api:{base-sha}', /no scheme: write ghcr\.io\/acme\/api:\{base-sha\}$/],
    [':${merge-base}', /^input baseline: ":\$\{merge-base\}" is not accepted\. Write .* without the \$$/],
    ['ghcr.io/acme/api:${{ base-sha }}', /^input baseline: "ghcr\.io\/acme\/api:\$\{\{ base-sha \}\}"/],
    [':-{merge-base}', /^input baseline: "-\{merge-base\}" is not accepted/],
    ['ghcr.io/acme/API:{base-sha}', /API:\{base-sha\}" is not accepted/],
    ['V1.0', /written with a colon: :V1\.0$/],
    ['{base-ref}', /:\{base-sha\}, or in/],
    ['./main.tar', /oci-archive:\/\/\.\/main\.tar/],
    ['user:secret@ghcr.io/api', /no credentials|must be a digest/],
  ])('refuses %j', (text, told) => {
    expect(lineOf(() => parseBaseline([text], DOCKER_HUB))).toMatch(told)
  })
})

describe('placeholdersIn', () => {
  it('names each once, in order', () => {
    expect(placeholdersIn(entry(':{base-ref}-{merge-base}-{base-ref}'))).toEqual(['base-ref', 'merge-base'])
    expect(placeholdersIn(entry(':main'))).toEqual([])
  })
})

describe('entriesWithin', () => {
  const chain = parseBaseline([':{merge-base}', ':{base-ref}-{base-sha}', ':main', 'alpine:3'], DOCKER_HUB)
  const mergeBase = () => Promise.resolve(null)

  it.each([
    [{ mergeBase, baseSha: 'b', baseRef: 'main' }, [0, 1, 2, 3]],
    [{ mergeBase, baseSha: null, baseRef: 'main' }, [0, 2, 3]],
    [{ mergeBase: null, baseSha: null, baseRef: null }, [2, 3]],
  ])('with %o keeps %j', (facts, kept) => {
    expect(entriesWithin(chain, facts)).toEqual(kept.map((position) => chain[position]))
  })
})

describe('forgottenColon', () => {
  const image = { name: 'docker.io/acme/api:v1', repository: 'docker.io/acme/api' }

  it.each([
    ['main', ':main'],
    ['1.0', ':1.0'],
    [':main', null],
    ['alpine:3', null],
    ['acme/main', null],
    ['ghcr.io/main', null],
    ['oci-layout://main', null],
  ])('%j: %j', (text, tag) => {
    expect(forgottenColon(entry(text), image)).toBe(tag)
  })

  it('leaves the repository of the image itself alone', () => {
    const alpine = { name: 'alpine', repository: 'docker.io/library/alpine' }
    expect(forgottenColon(entry('alpine'), alpine)).toBeNull()
  })
})

describe('tags made of branches', () => {
  it.each([
    ['main', 'main'],
    ['feature/x', 'feature-x'],
    ['refs/heads/release/1.2', 'release-1.2'],
    ['dependabot/npm_and_yarn/a-1.0.0', 'dependabot-npm_and_yarn-a-1.0.0'],
    ['a+b=c', 'a-b-c'],
    ['größe', 'gr-e'],
    ['a/#+x', 'a--x'],
  ])('%j is %j', (branch, tag) => {
    expect(tagOfBranch(branch)).toBe(tag)
  })

  it.each(['', '#x', '-x', 'x'.repeat(129), '.hidden'])('%j makes none', (branch) => {
    expect(fillTag([{ placeholder: 'base-ref' }], new Map([['base-ref', branch]]))).toBeNull()
  })

  it('what GitHub says cannot leave the tag', () => {
    expect(fillTag([{ placeholder: 'base-sha' }], new Map([['base-sha', '../../other/app:x']]))).toBeNull()
  })
})

describe('imagesOf', () => {
  const seeker = (name: string, repository: string | null = name): BaselineSeeker => ({ name, repository })
  const api = seeker('ghcr.io/acme/api')
  const worker = seeker('ghcr.io/acme/worker')
  const localApi = seeker('localhost:5000/api')
  const archive = seeker('oci-archive://out/api.tar.gz:v1', null)
  const layout = seeker('oci-layout://out/web', null)

  it.each([
    ['a tag: all', ':main', [api, worker, archive], [api, worker, archive]],
    ['the same repository: that one', 'ghcr.io/acme/api:main', [api, worker], [api]],
    ['every tag of it', 'ghcr.io/acme/api:main', [api, { ...api }, worker], [api, { ...api }]],
    ['elsewhere, the same last name', 'ghcr.io/acme/api:main', [localApi, worker], [localApi]],
    ['the same last name of an archive', 'ghcr.io/acme/api:main', [archive, layout], [archive]],
    ['a local baseline', 'oci-layout://main/web', [archive, layout], [layout]],
    ['one image: any reference', 'docker.io/other/thing:1', [api], [api]],
    ['one image: any archive', 'docker-archive://main.tar', [api], [api]],
    ['one repository: any reference', 'other/thing:1', [api, { ...api }], [api, { ...api }]],
  ])('%s', (_, text, images, expected) => {
    expect(imagesOf(entry(text), images)).toEqual(expected)
  })

  it('does not guess which of several repositories is meant', () => {
    expect(lineOf(() => imagesOf(entry('ghcr.io/acme/other:main'), [api, worker]))).toMatch(
      /^input baseline: "ghcr.io\/acme\/other:main" fits none of the images. .*write :TAG/,
    )
  })
})
