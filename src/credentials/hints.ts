import { detectProvider } from '../domain/names/provider.ts'
import type { Provider } from '../domain/names/provider.ts'

/** What user name and secret a provider takes, for people. */
const LOGINS: Readonly<Record<Provider, string>> = {
  generic: 'check user name and password',
  ghcr: 'GHCR takes any user name, with GITHUB_TOKEN or a classic personal access token as password',
  'docker-hub':
    'Docker Hub takes the account name with a personal access token, or the organisation with its token',
  gar: 'Google takes `oauth2accesstoken` with an access token, `_json_key` with the whole key file, or `_json_key_base64`',
  acr: 'ACR takes a service principal, a token name with its password, or user 00000000-0000-0000-0000-000000000000 with a refresh token',
  ecr: 'ECR takes user `AWS` with the password of get-login-password, which expires after 12 hours',
  quay: 'Quay takes a robot account (`namespace+robot`), or `$oauthtoken` with an OAuth token',
  gitlab: 'GitLab takes a user or deploy-token user with its token, or `gitlab-ci-token` with a job token',
  harbor: 'Harbor takes `robot$name` or `robot$project+name` with the robot secret',
  openshift: 'OpenShift takes any user name with an API token as password',
}

/** What a provider asks of a valid credential before it grants more. */
interface Grants {
  readonly always?: string
  readonly delete?: string
}

const GRANTS: Readonly<Partial<Record<Provider, Grants>>> = {
  ghcr: {
    always:
      'on GHCR the job needs `permissions: packages: read` (`write` to delete), and the package must grant this repository access',
  },
  'docker-hub': { delete: 'on Docker Hub deleting needs a token with Read, Write & Delete' },
  quay: { delete: 'on Quay deleting needs write permission on the repository' },
  gitlab: { delete: 'on GitLab deploy tokens cannot delete, and protected tags refuse' },
  acr: { delete: 'on ACR deleting needs the AcrDelete role or a token with content/delete' },
  ecr: {
    always:
      'on ECR the policy must allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:ListImages (ecr:BatchDeleteImage to delete)',
  },
  gar: { delete: 'on Google deleting needs Artifact Registry Repository Administrator' },
}

/**
 * The advice for a login that was refused: what the provider of this host takes, and what looks wrong about
 * this one.
 */
export function loginHint(host: string, username: string | null): string {
  const provider = detectProvider(host)
  const odd = username === null ? null : oddUsername(provider, host, username)
  return odd === null ? LOGINS[provider] : `${odd}; ${LOGINS[provider]}`
}

/** The advice for a valid login that lacks a permission; null where there is nothing special to say. */
export function grantHint(host: string, isDelete = true): string | null {
  const grants = GRANTS[detectProvider(host)]
  return grants?.always ?? (isDelete ? grants?.delete : undefined) ?? null
}

/** User names that cannot work, above all those that lost a `$word` to a shell or to Compose. */
function oddUsername(provider: Provider, host: string, username: string): string | null {
  if (provider === 'ecr' && username !== 'AWS') return 'the user name is not `AWS`'
  const takesDollar = provider === 'quay' || host === 'nvcr.io'
  if (takesDollar && (username === '' || username === 'oauthtoken')) {
    return 'the user name seems to have lost its `$` in a shell: quote `$oauthtoken` in single quotes'
  }
  if (/^robot\+?$/.test(username)) {
    return 'the user name seems to have lost what follows its `$` in a shell: quote `robot$name` in single quotes'
  }
  return username === '' ? 'the user name is empty' : null
}
