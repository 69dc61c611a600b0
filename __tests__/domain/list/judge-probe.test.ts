import { expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import { judgeProbe } from '../../../src/domain/list/judge-probe.ts'
import { parseRegistry } from '../../../src/domain/names/registry.ts'

/** What is said of a login by user name and password that was refused. */
function told(isAnonymous: boolean): string {
  const error = new WardenError('unauthorized', 'login to r.example was refused')
  const offers = [{ scheme: 'basic', realm: 'r.example', service: null }]
  const checks = judgeProbe(
    {
      kind: 'http',
      registry: parseRegistry('r.example'),
      ping: { kind: 'answered', status: 401, isHtml: false, apiVersion: null, redirectedTo: null, offers },
      login: { kind: 'refused', error, isAnonymous },
    },
    { insecure: false },
  )
  return checks.at(-1)?.message ?? ''
}

it('names what login the registry takes to who gave none, not to who gave just that', () => {
  expect(told(true)).toBe('login to r.example was refused. The registry takes user name and password (Basic)')
  expect(told(false)).toBe('login to r.example was refused')
})
