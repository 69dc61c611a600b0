import { getProxyUrl } from '@actions/http-client'
import { afterEach, expect, test, vi } from 'vitest'
import { unreadableProxies } from '../../src/transport/proxy-variables.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each([
  ['nothing', '', []],
  ['a proxy', 'http://proxy.test:3128', []],
  ['a password with an escape', 'http://user:p%25w@proxy.test:3128', []],
  ['no scheme', 'proxy.test:3128', []],
  ['a password with a percent sign', 'http://user:50%off@proxy.test:3128', ['HTTPS_PROXY']],
  ['no URL', 'http://proxy.test:port', ['HTTPS_PROXY']],
])('%s', (_, value, names) => {
  expect(unreadableProxies({ HTTPS_PROXY: value })).toEqual(names)
  // what is said of the library
  vi.stubEnv('https_proxy', '')
  vi.stubEnv('no_proxy', '')
  vi.stubEnv('NO_PROXY', '')
  vi.stubEnv('HTTPS_PROXY', value)
  expect(getProxyUrl('https://registry.test/') === '').toBe(value === '' || names.length > 0)
})
