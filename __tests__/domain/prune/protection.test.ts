import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inputRule } from '../../../src/domain/prune/rule.ts'
import { protectionOf, withLikely, withProtection } from '../../../src/domain/prune/protection.ts'
import { parseRepository, parseRegistry } from '../../../src/domain/names/reference.ts'
import { isTag, parseTag } from '../../../src/domain/names/tag.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import { NOW, image, missing, policy, repository as inventory } from './repository-dsl.ts'

const HUB = parseRegistry('docker.io')
const DIGEST = `sha256:${'a'.repeat(64)}`

/** What these files protect; `likely` is what would be protected of these tags and of all words, if it were there. */
function findIn(
  texts: readonly string[],
  { repository = 'ghcr.io/acme/api', there = [] }: { repository?: string; there?: readonly string[] } = {},
) {
  const files = texts.map((text, number) => ({ path: `file-${number + 1}`, text }))
  const found = protectionOf(files, parseRepository(repository, HUB))
  const named = [...there, ...texts.flatMap((text) => text.match(/\w[\w.-]{0,127}/g) ?? []), 'latest'].filter(
    isTag,
  )
  const here = inventory({
    tags: Object.fromEntries(named.map((tag) => [tag, 'A'])),
    manifests: { A: image() },
  })
  const { protectedTags } = withLikely(policy({ tags: '*' }), { ...found, tags: new Map() }, here)
  return {
    tags: [...found.tags.keys()],
    digests: [...found.digests.keys()],
    likely: [...protectedTags.keys()],
    likelyDigests: [...found.likelyDigests.keys()],
  }
}

const find = (text: string, repository?: string, there?: readonly string[]) =>
  findIn([text], { ...(repository && { repository }), ...(there && { there }) })
const NOTHING = { tags: [], digests: [], likely: [], likelyDigests: [] }

describe('what files protect', () => {
  test.each<[string, string, string[], string[]]>([
    ['Kubernetes', 'containers:\n- image: ghcr.io/acme/api:1.2.3\n', ['1.2.3'], []],
    ['quoted', `image: "ghcr.io/acme/api:1.2.3"`, ['1.2.3'], []],
    ['by digest', `image: ghcr.io/acme/api@${DIGEST}`, [], [DIGEST]],
    ['tag and digest', `image: ghcr.io/acme/api:1.2@${DIGEST}`, ['1.2'], [DIGEST]],
    [
      'Dockerfile',
      'FROM --platform=linux/amd64 ghcr.io/acme/api:1.2 AS base\nCOPY --from=ghcr.io/acme/api:1.3 / /',
      ['1.2', '1.3'],
      [],
    ],
    ['a flow list', 'images: [ghcr.io/acme/api:1.0,ghcr.io/acme/api:1.1]', ['1.0', '1.1'], []],
    ['JSON', '{"image":"ghcr.io/acme/api:1.0","n":1}', ['1.0'], []],
    ['a sentence', 'Runs ghcr.io/acme/api:1.0. And more.', ['1.0'], []],
    ['several, one of them another', 'ghcr.io/acme/api:1 ghcr.io/acme/web:2 docker.io/acme/api:3', ['1'], []],
    ['a scheme before it', 'uses: docker://ghcr.io/acme/api:1.0', ['1.0'], []],
    ['a scheme and a digest', `imageID: docker-pullable://ghcr.io/acme/api@${DIGEST}`, [], [DIGEST]],
    ['no blank behind the key', 'image:ghcr.io/acme/api:1.0', ['1.0'], []],
    ['a template for the registry', 'image: "{{ .Values.registry }}/acme/api:1.0"', ['1.0'], []],
    ['a template for more than that', 'image: ${PREFIX:-ghcr.io/acme}/api:1.0', ['1.0'], []],
    ['a variable for the registry', 'docker run $REGISTRY/acme/api:1.0', ['1.0'], []],
    ['a format', 'print("%s/acme/api:1.0" % registry)', ['1.0'], []],
    ['a default for the whole, quoted', 'IMAGE="${API_IMAGE:-"ghcr.io/acme/api:v3"}"', ['v3'], []],
    ['one that is assigned', ': ${API_IMAGE:=ghcr.io/acme/api:v3}', ['v3'], []],
    ['an argument for the whole', 'ARG BASE=ghcr.io/acme/api:1.0\nFROM ${BASE}', ['1.0'], []],
  ])('%s', (_, text, tags, digests) => {
    expect(find(text)).toEqual({ tags, digests, likely: [], likelyDigests: digests })
  })

  test.each<[string, string, string[]]>([
    ['a Helm chart', 'image:\n  repository: ghcr.io/acme/api\n  tag: "1.2.3"\n', ['1.2.3', 'latest']],
    [
      'one with the registry apart',
      'image:\n  registry: ghcr.io\n  repository: acme/api\n  tag: 1.2.3\n',
      ['1.2.3', 'latest'],
    ],
    ['Kustomize', 'images:\n- name: ghcr.io/acme/api\n  newTag: v2\n', ['latest', 'v2']],
    ['Chart.yaml', 'appVersion: "2.0.1" # of ghcr.io/acme/api\n', ['2.0.1', 'latest']],
    ['a build argument', 'ARG TAG=1.4\nFROM ghcr.io/acme/api:${TAG}\n', ['1.4', 'latest']],
    ['a default', 'image: ghcr.io/acme/api:${TAG:-1.5}\n', ['1.5', 'latest']],
    [
      'a command line',
      'helm install --set image.tag=1.6 --set image.repository=ghcr.io/acme/api',
      ['1.6', 'latest'],
    ],
    ['a bare name', 'image: ghcr.io/acme/api\n', ['latest']],
    ['an artifact of Flux', 'url: oci://ghcr.io/acme/api\nref:\n  tag: 1.7', ['1.7']],
    ['an argument of any name', 'ARG V=1.8\nFROM ghcr.io/acme/api:$V', ['1.8']],
    ['an argument for each half', 'ARG BASE=ghcr.io/acme/api\nARG V=1.8\nFROM ${BASE}:${V}', ['1.8']],
    ['an anchor', 'x-release: &release "1.9"\nrepository: ghcr.io/acme/api\ntag: *release\n', ['1.9']],
    ['the next line', 'repository: ghcr.io/acme/api\ntag: >-\n  1.10\n', ['1.10']],
    ['owner and name apart', 'registry: ghcr.io/acme\nname: api\ntag: 1.11\n', ['1.11']],
    ['one reference is whole, another is not', 'ghcr.io/acme/api:1\nghcr.io/acme/api\ntag: 2', ['2']],
    [
      'a variable of Terraform',
      '"ghcr.io/acme/api:${var.v}"\nvariable "v" {\n default = "1.12"\n}',
      ['1.12'],
    ],
    ['a part of it', 'image: ghcr.io/acme/api:${V}-alpine # V=1.13', ['1.13-alpine']],
    ['the other part of it', 'image: ghcr.io/acme/api:v{{ .Values.version }}\nversion: 1.14', ['v1.14']],
    ['a default for the whole', 'image: ${API_IMAGE:-ghcr.io/acme/api:v3}', ['v3']],
    ['one without a colon', 'FROM ${BASE-ghcr.io/acme/api:v3} AS base', ['v3']],
    ['one that replaces', 'image: ${API:+ghcr.io/acme/api:v3}', ['v3']],
    ['a default in a default', 'image: ${A:-${B:-ghcr.io/acme/api:v3}}', ['v3']],
    ['a default for each part', 'image: ${R:-ghcr.io}/${N:-acme/api}:${T:-v3}', ['v3']],
    ['a default with a variable', 'image: ${A:-ghcr.io/acme/api:${T}}\nT=v3', ['v3']],
    ['a version without its v', 'image: ghcr.io/acme/api:${TAG}\nversion: v1.16', ['v1.16', '1.16']],
    ['a version that a template gives a v', 'image: ghcr.io/acme/api:v{{ .V }}\nV: v1.17', ['v1.17', '1.17']],
    ['a default without a colon', 'image: ghcr.io/acme/api:${TAG-1.15}\n', ['1.15']],
  ])('%s keeps the tag elsewhere', (_, text, likely) => {
    expect(find(text)).toMatchObject({ tags: text.includes('api:1\n') ? ['1'] : [] })
    expect(find(text, undefined, likely).likely).toEqual(expect.arrayContaining(likely))
  })

  test.each<[string, string[], string]>([
    [
      'values and a template',
      ['image:\n  tag: 1.2.3', 'image: "ghcr.io/acme/api:{{ .Values.image.tag }}"'],
      '1.2.3',
    ],
    ['a chart and its values', ['appVersion: "1.2.3"', 'repository: ghcr.io/acme/api\ntag: ""'], '1.2.3'],
    ['.env and Compose', ['API=1.2.3', 'image: ghcr.io/acme/api:${API}'], '1.2.3'],
    ['global values', ['global: { registry: ghcr.io }', 'repository: acme/api\ntag: 1.2.3'], '1.2.3'],
  ])('%s: the tag stands in another file', (_, texts, tag) => {
    for (const files of [texts, [...texts].reverse()]) expect(findIn(files).likely).toContain(tag)
    // what is whole needs no other file
    expect(findIn([texts[0]!, 'image: ghcr.io/acme/api:1.0'])).toMatchObject({ tags: ['1.0'], likely: [] })
  })

  test.each<[string, string, string]>([
    [
      'a v',
      '"{{ .Values.image.repository }}:v{{ .Values.image.tag | default .Chart.AppVersion }}"',
      'v1.2.3',
    ],
    ['a flavour', '"{{ .Values.image.repository }}:{{ .Chart.AppVersion }}-alpine"', '1.2.3-alpine'],
    ['a channel', '{{ printf "%s:release-%s" .Values.image.repository .Chart.AppVersion }}', 'release-1.2.3'],
    ['nothing', '"{{ .Values.image.repository }}:{{ .Chart.AppVersion }}"', 'v1.2.3'],
  ])('a chart whose template adds %s to its version', (_, template, tag) => {
    const values = 'image:\n  repository: ghcr.io/acme/api\n  tag: ""\n'
    const texts = [values, `image: ${template}`, 'appVersion: "1.2.3"']
    expect(findIn(texts, { there: [tag] }).likely).toContain(tag)
  })

  test('escaped slashes', () => {
    expect(find('{"image":"ghcr.io\\/acme\\/api:1.0"}').tags).toEqual(['1.0'])
  })

  test.each<[string, string[], string]>([
    [
      'a chart from a registry',
      ['dependencies:\n- name: api\n  version: 1.2.3\n  repository: oci://ghcr.io/acme'],
      '1.2.3',
    ],
    ['a source of Flux', ['url: oci://ghcr.io/acme', 'chart: api\nversion: "1.2.3"'], '1.2.3'],
    ['a registry by its address', ['registry: https://ghcr.io\nrepository: acme/api\ntag: v9'], 'v9'],
    ['the tag behind the last part', ['imageRegistry: ghcr.io', 'image: acme/api:v9'], 'v9'],
    ['the tag behind its short name', ['registry: ghcr.io/acme\nimage: api:v9'], 'v9'],
    ['three parts', ['org: acme\nname: api\nimage: ghcr.io/{{ org }}/{{ name }}:v9', 'host: ghcr.io'], 'v9'],
    [
      'two variables',
      ['image: ghcr.io/acme/api:${BRANCH}-${SHA}', 'BRANCH=main\nSHA=abc1234'],
      'main-abc1234',
    ],
    [
      'two of a template',
      [
        'repository: ghcr.io/acme/api',
        'image: {{ repository }}:{{ tag }}-{{ flavor }}',
        'tag: 1.2\nflavor: alpine',
      ],
      '1.2-alpine',
    ],
    ['variables side by side', ['FROM ghcr.io/acme/api:${V}${VARIANT}', 'V=1.4\nVARIANT=-slim'], '1.4-slim'],
    ['the parts of a version', ['image: ghcr.io/acme/api:${A}.${B}', 'A=1\nB=14'], '1.14'],
    ['an empty variable', ['image: ghcr.io/acme/api:v1.2.3${VARIANT}', 'VARIANT='], 'v1.2.3'],
    ['an empty one before it', ['image: ghcr.io/acme/api:${PREFIX}v9'], 'v9'],
    ['an element of XML', ['<image>ghcr.io/acme/api:v9</image>'], 'v9'],
  ])('%s keeps the tag', (_, texts, tag) => {
    expect(findIn(texts, { there: [tag, 'other'] }).likely).toContain(tag)
    expect(findIn(texts, { there: [tag, 'other'] }).likely).not.toContain('other')
  })

  test.each([
    '${REGISTRY}acme/api:v7',
    '$(REGISTRY)acme/api:v7',
    '{{ registry }}acme/api:v7',
    '${R:-ghcr.io/}acme/api:v7',
  ])('a registry with its slash: %s', (reference) => {
    expect(find(`image: ${reference}`).tags).toEqual(['v7'])
  })

  test('a tag that stands nowhere is a warning, until a word of a file is a tag', () => {
    const repository = parseRepository('ghcr.io/acme/api', HUB)
    const warned = (text: string, tags: Record<string, string>) => {
      const protection = protectionOf([{ path: 'compose.yaml', text }], repository)
      const here = inventory({ tags, manifests: { A: image() } })
      return planPrune(here, withLikely(policy({ tags: 'x' }), protection, here), NOW).warnings.map(
        ({ kind }) => kind,
      )
    }
    const open = 'image: ghcr.io/acme/api:${TAG}'
    expect(warned(open, { v3: 'A' })).toEqual(['not-protected'])
    expect(warned(`${open} # 3`, { v3: 'A' })).toEqual([])
    // another name that found its tag says nothing of this one
    expect(warned(`${open} # 3\nimage: ghcr.io/acme/api:\${TAG}-debug`, { v3: 'A' })).toEqual([
      'not-protected',
    ])
    expect(warned('image: ghcr.io/acme/api:v3', { v3: 'A' })).toEqual([])
    expect(warned('image: ghcr.io/acme/web:${TAG}', { v3: 'A' })).toEqual([])
  })

  test('what is only likely is protected where it is there, and nothing to warn of where it is not', () => {
    const repository = parseRepository('ghcr.io/acme/api', HUB)
    const text = `image: ghcr.io/acme/api\ntag: v1 # not v2\ndigest: ${DIGEST}`
    const protection = protectionOf([{ path: 'values.yaml', text }], repository)
    const base = policy({ tags: '*' })
    expect([...withProtection(base, protection).protectedDigests]).toEqual([
      [DIGEST, inputRule('protect-files', 'values.yaml')],
    ])
    const here = inventory({ tags: { v1: 'A', v3: 'A' }, manifests: { A: image() } })
    const { protectedTags, protectedDigests } = withLikely(base, protection, here)
    expect([...protectedTags]).toEqual([['v1', inputRule('protect-files', 'values.yaml')]])
    expect(protectedDigests.size).toBe(0)
    const stored = { ...here, manifests: new Map([[[...protection.likelyDigests.keys()][0]!, image()]]) }
    expect(withLikely(base, protection, stored).protectedDigests.size).toBe(1)
    const gone = { ...here, manifests: new Map([[[...protection.likelyDigests.keys()][0]!, missing]]) }
    expect(withLikely(base, protection, gone).protectedDigests.size).toBe(0)
  })

  test('a digest beside a bare name', () => {
    expect(find(`name: ghcr.io/acme/api\ndigest: ${DIGEST}`)).toMatchObject({ likelyDigests: [DIGEST] })
    expect(find(`image: ghcr.io/acme/api:1.0\ndigest: ${DIGEST}`)).toMatchObject({ likelyDigests: [DIGEST] })
  })

  test('a digest in another file than the name whose tag is open', () => {
    const other = `sha512:${'b'.repeat(128)}`
    const texts = ['image: ghcr.io/acme/api:${TAG}', `digest: ${DIGEST}\nold: ${other}\nshort: sha256:abc`]
    expect(findIn(texts).likelyDigests).toEqual([DIGEST, other])
    expect(findIn(['image: ghcr.io/acme/api:1.0', `digest: ${DIGEST}`]).likelyDigests).toEqual([])
    expect(findIn([`web: ghcr.io/acme/web\ndigest: ${DIGEST}`]).likelyDigests).toEqual([])
  })

  test('a digest behind the default of a variable', () => {
    expect(find(`image: \${IMAGE:-ghcr.io/acme/api@${DIGEST}}`)).toMatchObject({ digests: [DIGEST] })
    expect(find(`image: \${IMAGE:-ghcr.io/acme/api:1.0}\ndigest: ${DIGEST}`)).toMatchObject({
      likelyDigests: [DIGEST],
    })
  })

  test.each([
    ['as it stands', 'TAG=1.2.3', '1.2.3'],
    ['at the end of a sentence', 'TAG is 1.2.3.', '1.2.3'],
    ['as a default', 'tag: ${TAG:-rel_7}', 'rel_7'],
    ['with a v', 'version: 1.2.3', 'v1.2.3'],
    ['without its v', 'version: v1.2.3', '1.2.3'],
    ['as latest, which nobody writes', '', 'latest'],
  ])('a tag that stands in another file %s', (_, text, tag) => {
    expect(findIn(['image: ghcr.io/acme/api:${TAG}', text], { there: [tag] }).likely).toContain(tag)
  })

  test('only a version has a v to add or to leave out', () => {
    const there = ['vrev7', 'vbuild-v8', 'next', 're7']
    const { likely } = findIn(['image: ghcr.io/acme/api:${TAG}', 'rev7 build-v8 vnext'], { there })
    expect(likely).toEqual(expect.arrayContaining(['rev7', 'build-v8', 'vnext']))
    expect(likely.filter((tag) => /^(?:vrev7|vbuild-v8|next|re7)$/.test(tag))).toEqual([])
  })

  test('tags are protected before it is known what there is', () => {
    const repository = parseRepository('ghcr.io/acme/api', HUB)
    const files = [{ path: 'k8s.yaml', text: `image: ghcr.io/acme/api:1.0@${DIGEST}` }]
    const rule = inputRule('protect-files', 'k8s.yaml')
    const own = policy({
      protectedTags: new Map([[parseTag('2.0', 'test'), inputRule('protect-refs', null)]]),
    })
    const reading = withProtection(own, protectionOf(files, repository))
    expect([...reading.protectedTags]).toEqual([
      ['1.0', rule],
      ['2.0', inputRule('protect-refs', null)],
    ])
    expect([...reading.protectedDigests]).toEqual([[DIGEST, rule]])
  })

  test.each([
    ['another repository', 'image: ghcr.io/acme/api-server:1.0'],
    ['the same path elsewhere', 'image: quay.io/acme/api:1.0\ntag: 2'],
    ['a longer path', 'image: ghcr.io/acme/api/v2:1.0'],
    ['a path of the web', 'path: /api\nimage: nginx:1.0'],
    ['a folder', 'volumes: ["./api:/usr/src/api"]'],
    ['nothing', ''],
  ])('%s is not named', (_, text) => {
    expect(find(text)).toEqual(NOTHING)
  })

  test.each(['nginx:1.27', 'library/nginx:1.27', 'docker.io/library/nginx:1.27', 'docker.io/nginx:1.27'])(
    'Docker Hub’s images in every way of writing: %s',
    (name) => {
      expect(find(`FROM ${name}`, 'nginx')).toMatchObject({ tags: ['1.27'] })
    },
  )

  test('a registry on a port', () => {
    expect(find('image: localhost:5000/team/app:v1', 'localhost:5000/team/app')).toMatchObject({
      tags: ['v1'],
    })
  })

  test('an IPv6 registry, and brackets around', () => {
    expect(find('images: [[::1]:5000/app:v1, x]', '[::1]:5000/app')).toMatchObject({ tags: ['v1'] })
  })

  test('any text is read without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const found = find(`${noise}\nimage: ghcr.io/acme/api:1.2.3\n${noise}`)
        expect(found.tags).toContain('1.2.3')
      }),
    )
  })
})
