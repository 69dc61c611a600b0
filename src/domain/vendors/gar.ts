import { FREES_BY_ITSELF, NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

/** Google: Artifact Registry, and `gcr.io`, which it serves. */
export const gar: Vendor = {
  title: 'Google Artifact Registry',
  hosts: [/^[a-z0-9-]+-docker\.pkg\.dev$/, /^(?:[a-z0-9-]+\.)?gcr\.io$/],
  login:
    'Google takes `oauth2accesstoken` with an access token, `_json_key` with the whole key file, or `_json_key_base64`',
  grants: {
    read: null,
    delete: 'on Google deleting needs Artifact Registry Repository Administrator',
    api: null,
  },
  listsManifests: true,
  capabilities: {
    ...PLAIN_CAPABILITIES,
    holds: 'digest',
    untag: 'yes',
    listsUntagged: true,
    tagsFirst: true,
    referrersFirst: true,
  },
  dates: { pushed: 'yes', updated: 'no', pulled: 'no' },
  catalog: 'by owner',
  // still tagged, listed by an index, or the subject of something
  readRefusal: ({ codes }) =>
    codes.some((code) => code.startsWith('GOOGLE_MANIFEST_')) ? 'referenced' : null,
  frees: FREES_BY_ITSELF,
  undo: NO_UNDO,
}
