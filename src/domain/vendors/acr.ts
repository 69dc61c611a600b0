import { PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

export const acr: Vendor = {
  title: 'Azure Container Registry',
  hosts: [/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.azurecr\.(?:io|cn|us)$/],
  login:
    'ACR takes a service principal, a token name with its password, or user 00000000-0000-0000-0000-000000000000 with a refresh token',
  // [Azure/acr docs/AAD-OAuth.md]
  refreshUser: '00000000-0000-0000-0000-000000000000',
  grants: {
    read: null,
    delete: 'on ACR deleting needs the AcrDelete role or a token with content/delete',
    api: 'On ACR this needs metadata/read and content/delete: the roles AcrDelete and Reader, or a token with these actions',
  },
  capabilities: { ...PLAIN_CAPABILITIES, holds: 'digest', untag: 'yes', listsUntagged: true },
  dates: { pushed: 'yes', updated: 'yes', pulled: 'no' },
  catalog: 'all',
  // ACR offers deletions always: 405 is its word for a lock
  readRefusal: ({ status, byDigest }) => (status === 405 && byDigest ? 'locked' : null),
  frees: 'The registry frees the bytes by itself; with soft delete on, when the retention is over.',
  undo: 'A delete cannot be undone, unless soft delete is on.',
}
