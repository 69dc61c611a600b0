import { expect, it } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { parseRegistry } from '../../src/domain/names/reference.ts'
import { parseRepositoryGlob } from '../../src/domain/names/repository-glob.ts'
import { openCatalogs } from '../../src/usecases/repositories.ts'

it.each([
  [
    'registry.example.com',
    'registry.example.com shows no catalog to these credentials: name the repositories',
  ],
  ['file:///var/lib/registry', 'Run this step as another user'],
])('says what to do about a catalog of %s that may not be read', async (registry, advice) => {
  const denied = new WardenError('denied', 'EACCES', { advice: 'Run this step as another user' })
  const match = openCatalogs(() => Promise.reject(denied))
  const glob = parseRepositoryGlob('team/*', parseRegistry(registry))
  await expect(match(glob)).rejects.toMatchObject({ kind: 'denied', advice: expect.stringContaining(advice) })
})
