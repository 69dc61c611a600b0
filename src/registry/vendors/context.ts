import type { AwsEnvironment } from '../../credentials/aws.ts'
import type { AuthorizedSend } from '../../credentials/authenticator.ts'
import type { CredentialTarget, Keychain } from '../../credentials/credential.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
import type { Clock, Log, MaskSecret } from '../../domain/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import type { Send } from '../../transport/types.ts'
import type { RepositoryClient } from '../client.ts'

/** What the vendors' APIs are opened with, for one run. */
export interface VendorParts {
  /** input `provider-api-url`, read by `parseApiUrl`; null: the vendor's own */
  readonly apiUrl: URL | null
  /** input `registry`: what `login` is for */
  readonly registry: Registry
  /** inputs `username` and `password` */
  readonly login: { readonly username: string; readonly password: string } | null
  /** GitHub's API as the runner names it (`GITHUB_API_URL`), and input `github-token` for it */
  readonly github: { readonly apiUrl: URL; readonly token: string | null }
  /** keys for ECR's API, as the environment has them */
  readonly aws: AwsEnvironment
  readonly open: (repository: Repository) => RepositoryClient
  /** to the vendors' own APIs; each request in its turn */
  readonly send: Send
  /** to the registry itself, with its own handshake */
  readonly sendToRegistry: AuthorizedSend
  readonly keychain: Keychain
  readonly mask: MaskSecret
  readonly log: Log
  readonly clock: Clock
  /** when the run ends; no wait is begun that would outlast it */
  readonly deadline: Timestamp | null
  /** rejects early when the run is over; requests then say why */
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** One repository of one vendor. */
export interface VendorContext extends VendorParts {
  readonly repository: Repository
  /** `host/path`, for messages */
  readonly name: string
  readonly client: RepositoryClient
  /** input `shared-digest` is `swap`, so that placeholders may be pushed */
  readonly swap: boolean
}

/** What the repositories of one registry are listed with. */
export interface CatalogContext extends VendorParts {
  /** the registry itself, for its credentials */
  readonly target: CredentialTarget
  readonly registry: Registry
  /** what the paths begin with; null: not known */
  readonly owner: string | null
  /** the registry's own catalog, by the distribution API */
  readonly catalog: () => Promise<readonly string[]>
}
