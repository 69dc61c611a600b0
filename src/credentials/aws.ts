import type { Environment } from '../domain/environment.ts'

/** Keys of an AWS account, as aws-actions/configure-aws-credentials leaves them in the environment. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** of a session that ends, as a role gives; null: a user's own keys */
  readonly sessionToken: string | null
  /** AWS_REGION or AWS_DEFAULT_REGION, for hosts that name none; null: not set */
  readonly region: string | null
}

export type AwsEnvironment =
  | { readonly kind: 'keys'; readonly keys: AwsKeys }
  | { readonly kind: 'none' }
  /** one of the two variables that belong together is empty */
  | { readonly kind: 'half'; readonly missing: string; readonly given: string }

const ID = 'AWS_ACCESS_KEY_ID'
const SECRET = 'AWS_SECRET_ACCESS_KEY'
const SESSION = 'AWS_SESSION_TOKEN'

/** Reads the variables by which AWS's own tools log in; nothing else of theirs (profiles, instance roles). */
export function readAwsEnvironment(env: Environment): AwsEnvironment {
  const [accessKeyId, secretAccessKey, sessionToken] = [ID, SECRET, SESSION].map(
    (name) => env[name]?.trim() ?? '',
  )
  if (accessKeyId && secretAccessKey) {
    const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || null
    return {
      kind: 'keys',
      keys: { accessKeyId, secretAccessKey, sessionToken: sessionToken || null, region },
    }
  }
  if (accessKeyId) return { kind: 'half', missing: SECRET, given: ID }
  if (secretAccessKey) return { kind: 'half', missing: ID, given: SECRET }
  return sessionToken ? { kind: 'half', missing: ID, given: SESSION } : { kind: 'none' }
}
