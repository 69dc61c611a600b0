import { ecr } from './ecr.ts'
import { gar } from './gar.ts'
import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

/** Any registry whose kind is not known: distribution 2 and 3, zot, and everything that speaks as they do. */
export const generic: Vendor = {
  title: 'Any other registry',
  hosts: [],
  login: 'check user name and password',
  grants: {
    read: null,
    delete: null,
    api: null,
  },
  capabilities: { ...PLAIN_CAPABILITIES, frees: 'unknown' },
  dates: { pushed: 'no', updated: 'no', pulled: 'no' },
  catalog: 'all',
  // a proxy in front of a vendor hides its host, not its codes
  readRefusal: (refused) => gar.readRefusal?.(refused) ?? ecr.readRefusal?.(refused) ?? null,
  frees:
    '**Deleting does not free space yet.** A self-hosted registry frees it when its garbage is collected.',
  undo: NO_UNDO,
}
