import { describe, expect, it } from 'vitest'
import type { InputName } from '../../src/action/input-catalog.ts'
import { parseInputs } from '../../src/action/inputs.ts'
import { inputNamesIn } from '../../src/action/misspelt-inputs.ts'
import type { Command } from '../../src/action/settings.ts'
import { lineOf } from '../support/refusal.ts'

type Inputs = Partial<Record<InputName, string>>

function parse(inputs: Inputs, names: readonly string[] = []): Command {
  const given: Inputs = { image: 'acme/api', ...inputs }
  return parseInputs((name) => given[name] ?? '', names)
}

describe('names of inputs', () => {
  it('are read from the environment as the runner writes them', () => {
    const env = { 'INPUT_EXCLUDE-TAG': 'v1', INPUT_MAX_SIZE: '', PATH: '/bin', MY_INPUT_X: '1' }
    expect(inputNamesIn(env)).toEqual(['exclude-tag', 'max_size'])
  })

  it.each([
    ['exclude-tag', 'exclude-tags'],
    ['max-sise', 'max-size'],
    ['max_size', 'max-size'],
    ['maxsize', 'max-size'],
    ['max_delete_percent', 'max-delete-percent'],
    ['provider_api_url', 'provider-api-url'],
    ['keepgroupby', 'keep-group-by'],
    ['imgae', 'image'],
    ['images', 'image'],
    ['tag', 'tags'],
    ['user-name', 'username'],
    ['dryrun', 'dry-run'],
  ])('refuses %s, and names %s', (name, meant) => {
    const line = lineOf(() => parse({}, ['image', name]))
    expect(line).toContain(`unknown input ${name}. Did you mean ${meant}?`)
  })

  it.each(['version', 'note', 'tasks', 'name', 'node-version', 'who-to-greet', ''])(
    'leaves %j to other tools',
    (name) => {
      expect(parse({}, ['mode', name]).mode).toBe('size')
    },
  )
})

describe('ca-file and insecure', () => {
  it.each<[Inputs, string]>([
    [{ registry: 'localhost:5443' }, 'http://localhost:5443'],
    [{ registry: 'localhost:5443', 'ca-file': 'ca.pem' }, 'https://localhost:5443'],
    [{ registry: '127.0.0.1:5443', insecure: 'true' }, 'https://127.0.0.1:5443'],
    [{ registry: 'http://localhost:5000', 'ca-file': 'ca.pem' }, 'http://localhost:5000'],
    [{ registry: 'r.example', insecure: 'true' }, 'https://r.example'],
  ])('%j means %s', (inputs, origin) => {
    const command = parse({ ...inputs, image: `${inputs.registry?.replace('http://', '')}/acme/api` })
    expect(command.common.registry.origin).toBe(origin)
    if (command.mode !== 'size') throw new Error('the default mode is size')
    expect(command.size.images).toMatchObject([{ reference: { repository: { registry: { origin } } } }])
  })
})

describe('a login for a registry that nothing is asked of', () => {
  const login: Inputs = { username: 'me', password: 'secret-of-me' }

  it.each<[Inputs, RegExp]>([
    [
      { image: 'ghcr.io/acme/api' },
      /^username and password are for docker\.io \(input registry\), which nothing here names; add registry: ghcr\.io$/,
    ],
    [{ image: 'ghcr.io/acme/api, quay.io/acme/api' }, /add registry: with the host that they are for$/],
    [{ image: 'oci-layout://out', baseline: 'ghcr.io/acme/api:main' }, /add registry: ghcr\.io$/],
    [{ image: 'oci-layout://out' }, /remove them$/],
    [{ mode: 'prune', tags: 'pr-*', 'keep-latest': '1', image: 'ghcr.io/acme/api' }, /registry: ghcr\.io$/],
  ])('is warned of: %j', (inputs, told) => {
    const { warnings } = parse({ ...inputs, ...login }).common
    expect(warnings).toEqual([expect.stringMatching(told)])
    expect(warnings.join()).not.toContain('secret')
  })

  it.each<Inputs>([
    {},
    { image: 'ghcr.io/acme/api', registry: 'ghcr.io' },
    { image: 'oci-layout://out', baseline: 'acme/api:main' },
    { image: 'ghcr.io/acme/api', 'base-image': 'node:24' },
    { image: 'ghcr.io/acme/api', 'base-image': 'auto' },
    { mode: 'prune', tags: 'pr-*', 'keep-latest': '1', image: 'docker.io/acme/*' },
  ])('is none: %j', (inputs) => {
    expect(parse({ ...inputs, ...login }).common.warnings).toEqual([])
  })

  it('says nothing without a login', () => {
    expect(parse({ image: 'ghcr.io/acme/api' }).common.warnings).toEqual([])
  })
})

describe('provider and provider-api-url', () => {
  const modes: Inputs[] = [
    { mode: 'size' },
    { mode: 'prune', tags: 'pr-*' },
    { mode: 'report', 'report-file': 'r.json' },
  ]

  it.each(modes)('are parsed in every mode: %j', (inputs) => {
    const image = inputs.mode === 'report' ? '' : 'hub.example/acme/api'
    expect(lineOf(() => parse({ ...inputs, image, provider: 'nope' }))).toContain('input provider')
    const url = lineOf(() => parse({ ...inputs, image, 'provider-api-url': 'not a url' }))
    expect(url).toContain('input provider-api-url')
    expect(parse({ ...inputs, image, provider: 'gitea' }).common.provider).toBe('gitea')
    expect(parse({ ...inputs, image }).common.provider).toBeNull()
  })

  it('may not contradict the host of what is named, in any mode', () => {
    const line = lineOf(() => parse({ image: 'ghcr.io/acme/api', provider: 'harbor' }))
    expect(line).toContain('ghcr.io is ghcr: write that, auto or generic')
    expect(parse({ image: 'ghcr.io/acme/api', provider: 'generic' }).common.provider).toBe('generic')
    // what nothing names does not matter
    expect(parse({ image: 'hub.example/acme/api', provider: 'harbor' }).common.provider).toBe('harbor')
  })
})

describe('insecure', () => {
  it.each<[Inputs, RegExp]>([
    [
      { registry: 'r.example', image: 'acme/api' },
      /^insecure is true: the certificate of r\.example is not checked/,
    ],
    [
      { image: 'r.example/acme/api' },
      /^insecure is true, but concerns nothing: it is for docker\.io .*image names r\.example; set registry/,
    ],
    [
      { image: 'oci-layout://out' },
      /^insecure is true, but concerns nothing: it is for docker\.io .*no registry is named/,
    ],
  ])('warns of what it concerns: %j', (inputs, message) => {
    const { warnings } = parse({ insecure: 'true', ...inputs }).common
    expect(warnings).toContainEqual(expect.stringMatching(message))
    expect(warnings.filter((line) => line.startsWith('insecure'))).toHaveLength(1)
  })
})

describe('a storage folder', () => {
  it.each<Inputs>([
    { username: 'u', password: 'p' },
    { insecure: 'true' },
    { 'provider-api-url': 'https://quay.example' },
    { provider: 'harbor' },
  ])('takes no %j', (inputs) => {
    const [name] = Object.keys(inputs)
    const line = lineOf(() => parse({ registry: 'file:///srv/registry', ...inputs }))
    expect(line).toBe(
      `input ${name} is given, but registry is a storage folder. Remove ${name}: the folder is read as it is, without asking any registry`,
    )
  })

  it('is what names without a host are in, and other hosts are asked as ever', () => {
    const command = parse({ registry: 'file:///srv/registry', image: 'acme/api, ghcr.io/acme/api' })
    if (command.mode !== 'size') throw new Error('the default mode is size')
    expect(command.size.images).toMatchObject([
      { reference: { repository: { registry: { origin: 'file:///srv/registry' } } } },
      { reference: { repository: { registry: { origin: 'https://ghcr.io' } } } },
    ])
  })
})
