import { WardenError } from '../domain/errors.ts'
import { parseApiUrl } from '../domain/names/api-url.ts'
import { PROVIDERS } from '../domain/names/provider.ts'
import { parseRegistry } from '../domain/names/reference.ts'
import { parseConcurrency } from '../domain/quantities/concurrency.ts'
import { parseDuration } from '../domain/quantities/duration.ts'
import type { InputReader } from './input-reader.ts'
import type { CommonSettings } from './settings.ts'

/** Parses what every mode takes. */
export function parseCommon(reader: InputReader): CommonSettings {
  const caFile = reader.text('ca-file') || null
  const insecure = reader.flag('insecure')
  // both are about certificates, so a loopback host speaks TLS, too
  const registry = parseRegistry(reader.text('registry'), caFile !== null || insecure ? 'https' : null)
  const username = reader.text('username')
  const password = reader.secret('password')
  const warnings: string[] = []
  if (username === '' && password !== '') {
    throw new WardenError('input', 'input password is given without username', {
      advice: `Set username to the user the password belongs to at ${registry.host}`,
    })
  }
  if (username !== '' && password === '') {
    warnings.push(
      'username is given, but password is empty (secrets are absent on pull requests from forks): going on without them',
    )
  }
  const provider = reader.choice('provider', ['auto', ...PROVIDERS])
  const apiUrl = reader.text('provider-api-url')
  return {
    registry,
    provider: provider === 'auto' ? null : provider,
    apiUrl: apiUrl === '' ? null : parseApiUrl(apiUrl, 'provider-api-url'),
    login: password === '' ? null : { username, password },
    githubToken: reader.secret('github-token').trim(),
    caFile,
    insecure,
    concurrency: parseConcurrency(reader.text('concurrency')),
    maxDuration: reader.given('max-duration')
      ? parseDuration(reader.text('max-duration'), 'max-duration')
      : null,
    cacheDir: reader.text('cache-dir') || null,
    summary: reader.flag('summary'),
    units: reader.choice('units', ['iec', 'si']),
    warnings,
  }
}
