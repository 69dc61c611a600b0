import { expect, test } from 'vitest'
import { proxyFor } from '../../src/transport/proxy.ts'
import { unreadableProxies } from '../../src/transport/proxy-variables.ts'

test.each([
  ['nothing', '', []],
  ['a proxy', 'http://proxy.test:3128', []],
  ['a password with an escape', 'http://user:p%25w@proxy.test:3128', []],
  ['no scheme', 'proxy.test:3128', []],
  ['a password with a percent sign', 'http://user:50%off@proxy.test:3128', ['HTTPS_PROXY']],
  ['no URL', 'http://proxy.test:port', ['HTTPS_PROXY']],
])('%s', (_, value, names) => {
  expect(unreadableProxies({ HTTPS_PROXY: value })).toEqual(names)
  // and so no proxy is used
  const proxy = proxyFor(new URL('https://registry.test/'), { HTTPS_PROXY: value })
  expect(proxy === null).toBe(value === '' || names.length > 0)
})
