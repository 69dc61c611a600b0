import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

const DATABASE = { when: 'where the registry has a metadata database' }

export const gitlab: Vendor = {
  title: 'GitLab',
  hosts: [/^registry\.gitlab\.com$/],
  recognises: ({ scheme, realm, service }) =>
    scheme === 'bearer' && service === 'container_registry' && realm.endsWith('/jwt/auth'),
  login: 'GitLab takes a user or deploy-token user with its token, or `gitlab-ci-token` with a job token',
  grants: {
    read: null,
    delete: 'on GitLab deploy tokens cannot delete, and protected tags refuse',
    api: 'On GitLab deleting needs the Maintainer role, or a token with the scope write_registry and that role',
  },
  capabilities: { ...PLAIN_CAPABILITIES, holds: 'digest', untag: 'yes' },
  dates: { pushed: DATABASE, updated: DATABASE, pulled: 'no' },
  catalog: 'by owner',
  frees:
    'GitLab.com frees the bytes by itself; a self-managed GitLab with `gitlab-ctl registry-garbage-collect`.',
  undo: NO_UNDO,
}
