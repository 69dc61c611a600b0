import { FREES_BY_ITSELF, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

/** GitHub's container registry. */
export const ghcr: Vendor = {
  title: 'GHCR',
  hosts: [/^ghcr\.io$/],
  login: 'GHCR takes any user name, with GITHUB_TOKEN or a classic personal access token as password',
  grants: {
    read: 'on GHCR the job needs `permissions: packages: read` (`write` to delete), and the package must grant this repository access',
    delete: null,
    // GitHub answers 404 both to who may not see a package and to who may see, but not delete it
    api:
      'github-token needs the Admin role on the package: in its settings give this repository Admin under ' +
      '"Manage Actions access" and the job `permissions: packages: write`, or use a classic token with delete:packages',
  },
  capabilities: { ...PLAIN_CAPABILITIES, holds: 'digest', untag: 'no', listsUntagged: true },
  dates: { pushed: 'yes', updated: 'yes', pulled: 'no' },
  catalog: 'by owner',
  frees: FREES_BY_ITSELF,
  undo: 'GitHub can restore a deleted version for 30 days, in the settings of the package.',
}
