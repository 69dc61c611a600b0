import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

export const harbor: Vendor = {
  title: 'Harbor',
  hosts: [/^demo\.goharbor\.io$/],
  recognises: ({ scheme, realm, service }) =>
    scheme === 'bearer' && service === 'harbor-registry' && realm.endsWith('/service/token'),
  login: 'Harbor takes `robot$name` or `robot$project+name` with the robot secret',
  grants: {
    read: null,
    delete: null,
    api: 'On Harbor the account needs to list artifacts and to delete tags and artifacts of the project',
  },
  capabilities: { ...PLAIN_CAPABILITIES, holds: 'digest', untag: 'yes', listsUntagged: true },
  dates: { pushed: 'yes', updated: 'no', pulled: 'yes' },
  catalog: 'all',
  frees:
    '**Deleting does not free space yet.** Harbor frees it with its garbage collection (Administration, Clean Up).',
  undo: NO_UNDO,
}
