import { expect, it } from 'vitest'
import { expectNoSecrets, runAction } from '../support/run-action.ts'

const TOKEN = 'S3cretTokenXyzzy'

/** Addresses as people paste them, and each input that takes one. */
it.each<[string, Record<string, string>]>([
  ['provider-api-url', { 'provider-api-url': `https://git.example/api/v4?private_token=${TOKEN}` }],
  ['provider-api-url', { 'provider-api-url': `https://git.example/api/v4#access_token=${TOKEN}` }],
  ['provider-api-url', { 'provider-api-url': `https://bot:${TOKEN}@git.example/api/v4` }],
  ['registry', { registry: `https://registry.example?token=${TOKEN}` }],
  ['registry', { registry: `https://bot:${TOKEN}@registry.example` }],
  ['image', { image: `registry.example/acme/api?token=${TOKEN}` }],
  ['image', { image: `registry.example?a=1&token=${TOKEN}/acme/api` }],
  ['image', { image: `https://registry.example/acme/api#token=${TOKEN}` }],
  ['image', { image: `bot:${TOKEN}@registry.example/acme/api` }],
  ['image', { mode: 'prune', tags: 'x', image: `registry.example/acme/*?token=${TOKEN}` }],
  ['image', { mode: 'prune', tags: 'x', image: `registry.example/acme/api?token=${TOKEN}` }],
  ['image', { mode: 'list', image: `registry.example/acme/*?token=${TOKEN}` }],
  ['image', { image: `oci-layout://https://bot:${TOKEN}@registry.example/a@sha256:1` }],
  ['baseline', { baseline: `https://registry.example/acme/api?token=${TOKEN}` }],
  ['base-image', { 'base-image': `https://bot:${TOKEN}@registry.example/acme/base:1` }],
])('what %s is refused for does not show a secret in it', async (input, inputs) => {
  const result = await runAction({ inputs: { image: 'registry.example/acme/api', ...inputs } })
  expect(result.exitCode).toBe(1)
  expect(result.stdout).toContain(`input ${input}: `)
  expectNoSecrets(result, TOKEN)
})
