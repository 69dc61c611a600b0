import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRepository, parseRegistry } from '../../../src/domain/names/reference.ts'
import { findImageReferences } from '../../../src/domain/prune/image-references.ts'

const HUB = parseRegistry('docker.io')
const DIGEST = `sha256:${'a'.repeat(64)}`

function find(text: string, repository = 'ghcr.io/acme/api') {
  const found = findImageReferences(text, parseRepository(repository, HUB))
  if (found === null) return null
  const { tags, digests, likelyTags } = found
  return { tags: [...tags], digests: [...digests], likely: [...likelyTags].sort() }
}

describe('image references in files', () => {
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
  ])('%s', (_, text, tags, digests) => {
    expect(find(text)).toEqual({ tags, digests, likely: [] })
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
  ])('%s keeps the tag elsewhere', (_, text, likely) => {
    expect(find(text)).toMatchObject({ likely })
  })

  test('a digest beside a bare name', () => {
    expect(find(`name: ghcr.io/acme/api\ndigest: ${DIGEST}`)).toMatchObject({ digests: [DIGEST] })
  })

  test.each([
    ['another repository', 'image: ghcr.io/acme/api-server:1.0'],
    ['the same path elsewhere', 'image: quay.io/acme/api:1.0\ntag: 2'],
    ['a longer path', 'image: ghcr.io/acme/api/v2:1.0'],
    ['nothing', ''],
  ])('%s is not named', (_, text) => {
    expect(find(text)).toBeNull()
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

  test('any text is read without an error, and in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const found = find(`${noise}\nimage: ghcr.io/acme/api:1.2.3\n${noise}`)
        expect(found?.tags).toContain('1.2.3')
      }),
    )
    for (const text of ['a'.repeat(1_000_000), 'tag: '.repeat(200_000), 'ghcr.io/acme/api:'.repeat(60_000)]) {
      const begun = performance.now()
      find(text)
      expect(performance.now() - begun).toBeLessThan(5_000)
    }
  })
})
