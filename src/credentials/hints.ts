import type { Registry } from '../domain/names/reference.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'

/**
 * The advice for a login that was refused: what this kind of registry takes, and what looks wrong about this
 * user name.
 */
export function loginHint(registry: Registry, username: string | null): string {
  const { login } = vendorOf(registry)
  const odd = username === null ? null : oddUsername(registry, username)
  return odd === null ? login : `${odd}; ${login}`
}

/** The advice for a valid login that lacks a permission; null where there is nothing special to say. */
export function grantHint(registry: Registry, isDelete = true): string | null {
  const { grants } = vendorOf(registry)
  return grants.read ?? (isDelete ? grants.delete : null)
}

/** User names that cannot work, above all those that lost a `$word` to a shell or to Compose. */
function oddUsername(registry: Registry, username: string): string | null {
  const odd = vendorOf(registry).oddUsername?.(username) ?? null
  if (odd !== null) return odd
  // NVIDIA's has no row of its own
  if (registry.host === 'nvcr.io' && (username === '' || username === 'oauthtoken')) {
    return 'the user name seems to have lost its `$` in a shell: quote `$oauthtoken` in single quotes'
  }
  if (/^robot\+?$/.test(username)) {
    return 'the user name seems to have lost what follows its `$` in a shell: quote `robot$name` in single quotes'
  }
  return username === '' ? 'the user name is empty' : null
}
