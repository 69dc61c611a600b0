import { PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

export const quay: Vendor = {
  title: 'Quay',
  hosts: [/^quay\.io$/],
  login: 'Quay takes a robot account (`namespace+robot`), or `$oauthtoken` with an OAuth token',
  oddUsername: (username) =>
    username === '' || username === 'oauthtoken'
      ? 'the user name seems to have lost its `$` in a shell: quote `$oauthtoken` in single quotes'
      : null,
  grants: {
    read: null,
    delete: 'on Quay deleting needs write permission on the repository',
    api: 'Quay reports push times of private repositories to OAuth tokens only: user name $oauthtoken with the token as password',
  },
  capabilities: { ...PLAIN_CAPABILITIES, untag: 'yes' },
  dates: { pushed: 'yes', updated: 'yes', pulled: 'no' },
  catalog: 'by owner',
  // an immutability policy keeps a tag, and with it its manifest [quay/quay endpoints/v2/manifest.py]
  readRefusal: ({ codes }) => (codes.includes('TAG_IMMUTABLE') ? 'locked' : null),
  frees: 'Quay frees the bytes when the time machine of the repository has run out.',
  undo: 'Quay can restore deleted tags from the tag history of the repository until its time machine has run out.',
}
