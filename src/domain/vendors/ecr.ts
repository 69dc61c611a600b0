import { FREES_BY_ITSELF, NO_UNDO, PLAIN_CAPABILITIES } from './vendor.ts'
import type { Vendor } from './vendor.ts'

const SIGNED = { when: 'with AWS credentials' }

export const ecr: Vendor = {
  title: 'Amazon ECR',
  hosts: [/^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/, /^public\.ecr\.aws$/],
  login: 'ECR takes user `AWS` with the password of get-login-password, which expires after 12 hours',
  oddUsername: (username) => (username === 'AWS' ? null : 'the user name is not `AWS`'),
  grants: {
    read: 'on ECR the policy must allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:ListImages (ecr:BatchDeleteImage to delete)',
    delete: null,
    api: null,
  },
  // BatchDeleteImage: the last tag of an image takes the image along
  capabilities: { ...PLAIN_CAPABILITIES, holds: 'last-tag' },
  dates: { pushed: SIGNED, updated: 'no', pulled: SIGNED },
  catalog: SIGNED,
  // an index needs it, whatever the status
  readRefusal: ({ codes, text }) =>
    /ImageReferencedByManifestList/i.test(`${text} ${codes.join(' ')}`) ? 'referenced' : null,
  frees: FREES_BY_ITSELF,
  undo: NO_UNDO,
}
