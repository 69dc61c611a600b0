import { expect, it } from 'vitest'
import { grantHint, loginHint } from '../../src/credentials/hints.ts'
import { registryAt } from '../../src/domain/names/registry.ts'

const at = (host: string) => registryAt(host, null)!

it.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'me', /user name is not `AWS`/],
  ['quay.io', '', /lost its `\$` in a shell/],
  ['quay.io', 'oauthtoken', /lost its `\$` in a shell/],
  ['nvcr.io', '', /lost its `\$`/],
  ['harbor.example', 'robot', /lost what follows its `\$`/],
  ['registry.example', '', /user name is empty/],
])('%s as %j', (host, username, message) => {
  expect(loginHint(at(host), username)).toMatch(message)
})

it.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'AWS'],
  ['quay.io', '$oauthtoken'],
  ['quay.io', 'team+robot'],
  ['ghcr.io', 'anybody'],
  ['ghcr.io', null],
])('has nothing against %s as %s', (host, username) => {
  expect(loginHint(at(host), username)).not.toMatch(/seems|user name is/)
})

it('names the permission a GHCR job needs', () => {
  expect(grantHint(at('ghcr.io'))).toContain('packages: read')
  expect(grantHint(at('registry.example'))).toBeNull()
  // reading a config takes another right than reading a manifest
  expect(grantHint(at('public.ecr.aws'), false)).toContain('ecr:GetDownloadUrlForLayer')
  expect(grantHint(at('docker.io'))).toContain('deleting')
  expect(grantHint(at('docker.io'), false)).toBeNull()
})
