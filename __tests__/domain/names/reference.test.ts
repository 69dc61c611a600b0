import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatReference,
  formatRepository,
  parseReference,
  parseRegistry,
  parseRepository,
  repositoryFromCatalog,
  sameRepository,
} from '../../../src/domain/names/reference.ts'
import { answerOf, lineOf } from '../../support/refusal.ts'

const hub = parseRegistry('docker.io')
const ghcr = parseRegistry('ghcr.io')
const plain = parseRegistry('http://registry.corp:5000')
const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`
const sha512 = `sha512:${'0123456789abcdef'.repeat(8)}`
const path = `a/${'b'.repeat(253)}`

describe('parseReference', () => {
  it.each([
    // no slash: the default registry, whatever it looks like
    ['nginx', hub, 'docker.io/library/nginx'],
    ['nginx:1.27', hub, 'docker.io/library/nginx:1.27'],
    ['localhost:5000', hub, 'docker.io/library/localhost:5000'],
    ['example.com', hub, 'docker.io/library/example.com'],
    ['nginx', ghcr, 'ghcr.io/nginx'],
    ['api:v1', plain, 'registry.corp:5000/api:v1'],
    // a first component that is no host is a namespace
    ['acme/api', hub, 'docker.io/acme/api'],
    ['acme/team/api:1', ghcr, 'ghcr.io/acme/team/api:1'],
    ['library/nginx', hub, 'docker.io/library/nginx'],
    ['library/nginx', ghcr, 'ghcr.io/library/nginx'],
    // a host: dot, colon, upper case, localhost
    ['ghcr.io/acme/api:v1', hub, 'ghcr.io/acme/api:v1'],
    ['ghcr.io/api', hub, 'ghcr.io/api'],
    ['GHCR.io:443/acme/api', hub, 'ghcr.io/acme/api'],
    ['Corp/api', hub, 'corp:443/api'],
    ['registry/api', parseRegistry('http://registry'), 'registry:80/registry/api'],
    ['localhost/api', hub, 'localhost/api'],
    ['localhost:5000/api:v1', hub, 'localhost:5000/api:v1'],
    ['host:5000/a/b', hub, 'host:5000/a/b'],
    ['127.0.0.1:5000/a', hub, '127.0.0.1:5000/a'],
    ['[::1]:5000/a:b', hub, '[::1]:5000/a:b'],
    ['[2001:db8::1]/a', hub, '[2001:db8::1]/a'],
    // Docker Hub under its other names
    ['docker.io/nginx', ghcr, 'docker.io/library/nginx'],
    ['index.docker.io/acme/api', ghcr, 'docker.io/acme/api'],
    ['registry-1.docker.io/nginx:1', ghcr, 'docker.io/library/nginx:1'],
    // digests
    [`nginx@${sha256}`, hub, `docker.io/library/nginx@${sha256}`],
    [`ghcr.io/a/b:v1@${sha256}`, hub, `ghcr.io/a/b:v1@${sha256}`],
    [`ghcr.io/a/b@${sha512}`, hub, `ghcr.io/a/b@${sha512}`],
    [`a/b@blake3:${'a'.repeat(64)}`, hub, `docker.io/a/b@blake3:${'a'.repeat(64)}`],
    [
      'a/b@sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
      hub,
      'docker.io/a/b@sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
    ],
    // the corners of the path grammar
    ['a', ghcr, 'ghcr.io/a'],
    ['a/b/c', ghcr, 'ghcr.io/a/b/c'],
    ['a_b/a__b/a.b/a---b', ghcr, 'ghcr.io/a_b/a__b/a.b/a---b'],
    ['0/1', ghcr, 'ghcr.io/0/1'],
    [path, ghcr, `ghcr.io/${path}`],
    [`api:${'t'.repeat(128)}`, ghcr, `ghcr.io/api:${'t'.repeat(128)}`],
    ['api:_A.b-C', ghcr, 'ghcr.io/api:_A.b-C'],
    ['a'.repeat(63), ghcr, `ghcr.io/${'a'.repeat(63)}`],
  ])('reads %j', (text, registry, formatted) => {
    const reference = parseReference(text, registry)
    expect(formatReference(reference)).toBe(formatted)
    expect(parseReference(formatted, registry)).toEqual(reference)
  })

  it.each([
    ['ghcr.io/a', hub, 'https://ghcr.io'],
    ['localhost/a', hub, 'http://localhost'],
    ['sub.localhost:1/a', hub, 'http://sub.localhost:1'],
    ['127.1.2.3:5000/a', hub, 'http://127.1.2.3:5000'],
    ['127.1/a', hub, 'http://127.0.0.1'],
    ['[::1]:5000/a', hub, 'http://[::1]:5000'],
    ['192.168.0.1:5000/a', hub, 'https://192.168.0.1:5000'],
    ['host.local:5000/a', hub, 'https://host.local:5000'],
    // what was chosen for the default registry holds for references that name it
    ['registry.corp:5000/a', plain, 'http://registry.corp:5000'],
    ['REGISTRY.corp:5000/a', plain, 'http://registry.corp:5000'],
    ['registry.corp/a', plain, 'https://registry.corp'],
    ['registry.corp:5001/a', plain, 'https://registry.corp:5001'],
    ['a', plain, 'http://registry.corp:5000'],
    ['localhost:5000/a', parseRegistry('https://localhost:5000'), 'https://localhost:5000'],
    ['registry:80/a', parseRegistry('http://registry'), 'http://registry'],
    ['registry/a', hub, 'https://registry-1.docker.io'],
    ['registry.corp:80/a', parseRegistry('http://registry.corp'), 'http://registry.corp'],
    ['registry.corp:443/a', parseRegistry('http://registry.corp'), 'https://registry.corp'],
  ])('asks %j at the right origin', (text, registry, origin) => {
    expect(parseReference(text, registry).repository.registry.origin).toBe(origin)
  })

  it.each([
    ['', 'Write a reference'],
    [' nginx', 'lower-case'],
    ['nginx ', 'lower-case'],
    ['a b', 'lower-case'],
    ['a'.repeat(64), 'image ID'],
    ['0123456789abcdef'.repeat(4), 'image ID'],
    ['docker://ghcr.io/acme/api:1', 'write ghcr.io/acme/api:1'],
    ['https://ghcr.io/acme/api', 'write ghcr.io/acme/api'],
    ['oci://ghcr.io/charts/app:1', 'write ghcr.io/charts/app:1'],
    ['http://registry.corp/api', 'registry: http://registry.corp'],
    ['file:///srv/registry', 'not known'],
    ['oci-layout://dir', 'not known'],
    ['ghcr.io/', 'lower-case letters'],
    ['/api', 'lower-case letters'],
    ['ghcr.io//api', 'lower-case letters'],
    ['a//b', 'lower-case letters'],
    ['a/b/', 'lower-case letters'],
    ['a/../b', 'lower-case letters'],
    ['./a', 'not a host'],
    ['../a', 'not a host'],
    ['a/%2e%2e/b', 'lower-case letters'],
    ['a/b?x=1', 'lower-case letters'],
    ['a/b#x', 'lower-case letters'],
    ['a/b\n', 'lower-case letters'],
    ['a/ü', 'lower-case letters'],
    ['a___b', 'lower-case letters'],
    ['a..b', 'lower-case letters'],
    ['-a', 'lower-case letters'],
    ['a-', 'lower-case letters'],
    ['acme/Api', 'write acme/api'],
    ['Nginx', 'write nginx'],
    [`a/${'b'.repeat(254)}`, 'at most 255'],
    ['x'.repeat(1201), 'at most 1200'],
    ['a/b:', 'A tag has'],
    ['a/b:-x', 'A tag has'],
    ['a/b:.x', 'A tag has'],
    ['a/b:x:y', 'A tag has'],
    ['a/b:v1+2', 'A tag has'],
    [`a/b:${'t'.repeat(129)}`, 'A tag has'],
    ['a/b@', 'digest'],
    ['a/b@v1', 'digest'],
    ['a/b@sha256:abc', 'digest'],
    [`a/b@sha256:${'A'.repeat(64)}`, 'digest'],
    [`a/b@${sha256}@${sha256}`, 'digest'],
    [`a/b@${sha256}:v1`, 'digest'],
    [`@${sha256}`, 'lower-case letters'],
    ['host:/a', 'not a host'],
    ['host:99999/a', 'not a host'],
    ['under_score.io:1/a', 'not a host'],
    ['::1/a', 'not a host'],
    ['[::1/a', 'not a host'],
    ['-x.io/a', 'not a host'],
    ['300.1.1.1/a', 'not a host'],
  ])('refuses %j', (text, advice) => {
    expect(lineOf(() => parseReference(text, hub))).toContain(advice)
  })

  it.each([
    'bob:hunter2@ghcr.io/acme/api',
    'https://bob:hunter2@ghcr.io/acme/api',
    'http://bob:hunter2@ghcr.io/acme/api',
    'docker://hunter2@ghcr.io/acme/api:1',
    'bob:hunter2@ghcr.io',
    'bob:hunter2/x@ghcr.io/acme',
    'bob:hunter2@x@ghcr.io/acme',
  ])('never repeats the credentials of %j', (text) => {
    expect(lineOf(() => parseReference(text, hub))).not.toContain('hunter2')
  })

  it('names the input it was given', () => {
    expect(lineOf(() => parseReference('A B', hub, 'baseline'))).toMatch(/^input baseline: /)
  })

  it('takes hostile names in linear time', () => {
    for (const text of [
      `${'a-'.repeat(599)}!`,
      `a/${'-'.repeat(200)}`,
      `${'a.'.repeat(120)}/x`,
      '/'.repeat(1200),
    ]) {
      expect(lineOf(() => parseReference(text, hub))).toMatch(/^input image: /)
    }
  })

  const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/)
  const host = fc.constantFrom(
    '',
    'ghcr.io/',
    'localhost:5000/',
    'docker.io/',
    'Host/',
    '[::1]:80/',
    'a.b:443/',
  )
  const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/))
  const registry = fc.constantFrom(hub, ghcr, plain, parseRegistry('http://registry'))

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(
        host,
        fc.array(component, { minLength: 1, maxLength: 4 }),
        tag,
        registry,
        (h, components, t, r) => {
          const reference = parseReference(h + components.join('/') + (t === null ? '' : `:${t}`), r)
          expect(parseReference(formatReference(reference), r)).toEqual(reference)
        },
      ),
    )
  })

  it('answers any text with a reference that is safe in a URL, or with an input error', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...Array.from('aA0./:@-_[]%?# \n')), maxLength: 40 })
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), registry, (text, r) => {
        const repository = answerOf(() => parseReference(text, r))?.repository
        if (repository === undefined) return
        const url = new URL(`${repository.registry.origin}/v2/${repository.path}/manifests/x`)
        expect(url.pathname).toBe(`/v2/${repository.path}/manifests/x`)
        expect(url.origin).toBe(repository.registry.origin)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('parseRepository', () => {
  it('reads a repository', () => {
    expect(formatRepository(parseRepository('nginx', hub))).toBe('docker.io/library/nginx')
  })

  it.each(['ghcr.io/a/b:v1', `ghcr.io/a/b@${sha256}`])(
    'refuses to ignore the tag or digest of %j',
    (text) => {
      expect(lineOf(() => parseRepository(text, hub))).toContain('write ghcr.io/a/b')
    },
  )
})

describe('repositoryFromCatalog', () => {
  it('passes paths of the grammar and no others', () => {
    expect(repositoryFromCatalog(ghcr, 'acme/api')).toEqual({ registry: ghcr, path: 'acme/api' })
    for (const text of ['', '../x', 'a/../b', 'A', 'a b', 'a?x', '_catalog', 'b'.repeat(256)]) {
      expect(repositoryFromCatalog(ghcr, text)).toBeNull()
    }
  })
})

describe('sameRepository', () => {
  it('compares origins and paths', () => {
    const repository = parseRepository('acme/api', hub)
    expect(sameRepository(repository, parseRepository('index.docker.io/acme/api', ghcr))).toBe(true)
    expect(sameRepository(repository, parseRepository('acme/api', ghcr))).toBe(false)
    expect(sameRepository(repository, parseRepository('acme/api2', hub))).toBe(false)
  })
})
