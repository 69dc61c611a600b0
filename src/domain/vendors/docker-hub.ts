import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

export const dockerHub: Vendor = {
  title: 'Docker Hub',
  hosts: [/^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)$/],
  login: 'Docker Hub takes the account name with a personal access token, or the organisation with its token',
  grants: {
    read: null,
    delete: 'on Docker Hub deleting needs a token with Read, Write & Delete',
    api: 'Set registry: docker.io with username and password: an access token with Read, Write & Delete',
  },
  rateLimitAdvice: 'Log in to Docker Hub, or wait',
  noRepositoryAdvice: 'Check namespace and name; on Docker Hub only official images have no namespace',
  limitsPulls: true,
  capabilities: {
    ...PLAIN_CAPABILITIES,
    holds: 'digest',
    untag: 'yes',
    tagsFirst: true,
    deletesChildren: true,
  },
  dates: { pushed: 'yes', updated: 'yes', pulled: 'yes' },
  catalog: 'by owner',
  // one status for "no right" and "still tagged or referenced"
  readRefusal: ({ status, byDigest, text }) =>
    status === 403 && byDigest && /referenc|tagged/i.test(text) ? 'referenced' : null,
  frees: 'When the bytes are free is up to Docker Hub.',
  undo: NO_UNDO,
}
