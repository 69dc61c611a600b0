import type { WardenError } from '../errors.ts'
import type { Repository } from '../names/reference.ts'
import type { Registry } from '../names/registry.ts'
import type { LoginOffer } from '../vendors/vendor.ts'

/** What a registry answered to `GET /v2/` without any login. */
export type PingAnswer =
  /** no answer in HTTP */
  | { readonly kind: 'silent'; readonly error: WardenError; readonly speaksTls: boolean }
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly isHtml: boolean
      /** `Docker-Distribution-Api-Version`, sanitised; null: not said */
      readonly apiVersion: string | null
      /** host and path that answered in the end, where redirects led elsewhere; null: the registry itself */
      readonly redirectedTo: string | null
      /** of a 401 */
      readonly offers: readonly LoginOffer[]
    }

/** How the login went that the registry asked for. */
export type LoginAnswer =
  /** it asked for none */
  | { readonly kind: 'not needed'; readonly isAnonymous: boolean }
  /** `who`: "as user ci from the inputs username and password" */
  | { readonly kind: 'accepted'; readonly who: string; readonly isAnonymous: boolean }
  | { readonly kind: 'refused'; readonly error: WardenError; readonly isAnonymous: boolean }

/** What one registry behind HTTP answered when it was asked for nothing but an answer. */
export interface HttpProbe {
  readonly kind: 'http'
  /** with the provider that its answer shows */
  readonly registry: Registry
  readonly ping: PingAnswer
  /** null: there was nobody to log in to */
  readonly login: LoginAnswer | null
}

/** A storage folder that can be read; one that cannot be is not a source. */
export interface FolderProbe {
  readonly kind: 'folder'
  readonly registry: Registry
}

export type RegistryProbe = HttpProbe | FolderProbe

/**
 * Asks a registry what it is and whether it lets us in. Whatever it answers is a probe; throws for nothing.
 */
export type ProbeRegistry = (registry: Registry) => Promise<RegistryProbe>

/** What the token for one repository allows, by its `access` claim. */
export type RepositoryGrants =
  | { readonly kind: 'granted'; readonly actions: readonly string[] }
  /** the registry asks for no login, or takes Basic, or its tokens cannot be read */
  | { readonly kind: 'unknown'; readonly why: 'no login' | 'basic' | 'opaque' | 'folder' }

/** Finds out what the login may do with a repository that was read just before. Throws for nothing. */
export type ReadGrants = (repository: Repository) => Promise<RepositoryGrants>
