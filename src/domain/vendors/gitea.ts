import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

/** Gitea, and Forgejo, which has kept its API. */
export const gitea: Vendor = {
  title: 'Gitea and Forgejo',
  hosts: [/^gitea\.com$/, /^codeberg\.org$/, /^code\.forgejo\.org$/],
  // the service is GitLab's too, whose realm is …/jwt/auth
  recognises: ({ scheme, realm, service }) =>
    scheme === 'bearer'
      ? service === 'container_registry' && realm.endsWith('/v2/token')
      : scheme === 'basic' && /^(?:Gitea|Forgejo)\b/i.test(realm),
  login:
    'Gitea and Forgejo take the user name with an access token that has the scope read:package (write:package to delete)',
  grants: {
    read: 'on Gitea and Forgejo the token needs the scope read:package (write:package to delete)',
    delete: null,
    api: 'On Gitea and Forgejo the token needs the scope read:package',
  },
  capabilities: {
    ...PLAIN_CAPABILITIES,
    untag: 'yes',
    listsUntagged: true,
    holds: 'names',
    frees: 'at-once',
  },
  dates: { pushed: 'yes', updated: 'no', pulled: 'no' },
  catalog: 'all',
  frees:
    'Gitea and Forgejo free the bytes by themselves, with their clean-up of packages (a day later at the latest).',
  undo: NO_UNDO,
}
