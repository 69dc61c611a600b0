import { WardenError } from '../domain/errors.ts'
import { parseApiUrl } from '../domain/names/api-url.ts'
import { PROVIDERS } from '../domain/names/provider.ts'
import { parseRegistry } from '../domain/names/reference.ts'
import { storageFolderOf } from '../domain/names/registry.ts'
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
  if (storageFolderOf(registry) !== null) checkStorageInputs(reader, provider)
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

/**
 * A storage folder is asked nothing over the network, so that what would be for the network is a mistake.
 * @throws WardenError of kind `input`
 */
function checkStorageInputs(reader: InputReader, provider: string): void {
  const names = ['username', 'password', 'insecure', 'provider-api-url'] as const
  const wrong = names.find((name) => reader.given(name))
  const name = wrong ?? (provider === 'auto' || provider === 'generic' ? null : 'provider')
  if (name === null) return
  throw new WardenError('input', `input ${name} is given, but registry is a storage folder`, {
    advice: `Remove ${name}: the folder is read as it is, without asking any registry`,
  })
}
