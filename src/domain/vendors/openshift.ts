import { NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

/** OpenShift's integrated registry. */
export const openshift: Vendor = {
  title: 'OpenShift',
  hosts: [
    /^default-route-openshift-image-registry\.[a-z0-9.-]+$/,
    /^image-registry\.openshift-image-registry\.svc(?:\.cluster\.local)?(?::5000)?$/,
  ],
  login: 'OpenShift takes any user name with an API token as password',
  grants: {
    read: null,
    delete: null,
    api: null,
  },
  capabilities: PLAIN_CAPABILITIES,
  dates: { pushed: 'no', updated: 'no', pulled: 'no' },
  catalog: 'all',
  frees: 'OpenShift frees the bytes with `oc adm prune images`.',
  undo: NO_UNDO,
}
