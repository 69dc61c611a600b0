import type { Capabilities } from '../prune/inventory.ts'

/** The dates of a tag that only a registry can tell; build dates are in the images themselves. */
export type VendorDate = 'pushed' | 'updated' | 'pulled'

/** Whether a vendor tells a date; a text is the condition under which it does. */
export type Knowledge = 'yes' | 'no' | { readonly when: string }

/** One way to log in that a registry offers in a 401 answer. */
export interface LoginOffer {
  /** lower-case, e.g. `bearer` */
  readonly scheme: string
  /** without query */
  readonly realm: string
  readonly service: string | null
}

/** A DELETE below `/v2/` that was refused. */
export interface RefusedDelete {
  readonly status: number
  readonly byDigest: boolean
  readonly codes: readonly string[]
  /** what the registry said, one line; empty when it said nothing */
  readonly text: string
}

/**
 * What a valid login needs before more is granted; each a clause that follows a semicolon; null: nothing
 * special.
 */
export interface Grants {
  /** to read */
  readonly read: string | null
  /** to delete through the registry's own API */
  readonly delete: string | null
  /** to use the vendor's API beside it; a sentence */
  readonly api: string | null
}

/**
 * Everything that is peculiar to one kind of registry and needs no request to know. Generic code asks this
 * value, never the host. How its API is spoken to is in `registry/vendors`, in the file of the same name.
 */
export interface Vendor {
  /** for people: "Docker Hub" */
  readonly title: string
  /** anchored at both ends: an unanchored pattern also fits `….amazonaws.com.evil.example` */
  readonly hosts: readonly RegExp[]
  /** Knows a self-hosted one by the login that it asks for. */
  readonly recognises?: (offer: LoginOffer) => boolean
  /** what user name and secret it takes */
  readonly login: string
  /** What is wrong with a user name that cannot work there; null: nothing. */
  readonly oddUsername?: (username: string) => string | null
  /** the user name that goes with a refresh token as password */
  readonly refreshUser?: string
  readonly grants: Grants
  /** what to do about 429; default: lower `concurrency` */
  readonly rateLimitAdvice?: string
  /** what to do about a repository that is not there */
  readonly noRepositoryAdvice?: string
  /** says how many pulls are left, in headers */
  readonly limitsPulls?: boolean
  /** its list of tags describes every manifest, some 250 bytes each */
  readonly listsManifests?: boolean
  readonly capabilities: Capabilities
  readonly dates: Readonly<Record<VendorDate, Knowledge>>
  /** how its repositories are listed, for the table in `docs/registries.md` */
  readonly catalog: 'all' | 'by owner' | { readonly when: string }
  /** What a refused DELETE means there; null: what its status says. */
  readonly readRefusal?: (refused: RefusedDelete) => 'locked' | 'referenced' | null
  /** when the bytes of what was deleted are free: a sentence, with code in backticks */
  readonly frees: string
  /** what can be brought back, and how */
  readonly undo: string
}

export const NO_UNDO = 'A delete cannot be undone.'
export const FREES_BY_ITSELF = 'The registry frees the bytes by itself, some time after the delete.'

/** The plain distribution API: what a registry is taken for whose kind is not known. */
export const PLAIN_CAPABILITIES: Capabilities = {
  deletes: true,
  // found out by trying: distribution 3 does, 2 does not
  untag: 'unknown',
  listsUntagged: false,
  tagsFirst: false,
  referrersFirst: false,
  // put by its digest first, it stays everywhere
  holds: 'unknown',
  frees: 'later',
  deletesChildren: false,
}
