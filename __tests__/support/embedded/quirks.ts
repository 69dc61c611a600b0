/**
 * How a registry departs from the distribution spec, as data. Everything left out behaves as the spec says.
 */
export interface Quirks {
  /** larger values of `n` are served as this many */
  readonly maxPage?: number
  /** tags per page when the client names no `n`; default all */
  readonly defaultPage?: number
  /** larger values of `n` are refused */
  readonly refusePageAbove?: { readonly n: number; readonly status: 400 | 405 | 413 }
  /** `n` and `last` mean nothing: everything in one answer */
  readonly ignorePage?: boolean
  /** `last` means nothing: the first page again */
  readonly ignoreLast?: boolean
  /** pages that carry a `Link`; default every page but the last */
  readonly links?: 'none' | 'first-page' | 'every-page'
  /** an opaque `next_page` in place of `last` */
  readonly opaqueCursor?: boolean
  /** written before the path in `Link`, e.g. another host's origin */
  readonly linkPrefix?: string
  /** order of tags; default by code point */
  readonly tagOrder?: 'pushed'
  /** the tag list of a repository without tags; default `[]` */
  readonly noTags?: 'null' | 'absent' | 'not-found'
  /** this many null entries among the tags */
  readonly nullTags?: number
  /** upload times and sizes beside the tags */
  readonly manifestTimes?: boolean
  /** DELETE of a tag; default removes the tag only */
  readonly tagDelete?: 'digest-invalid' | 'unsupported' | 'method-not-allowed' | 'takes-siblings'
  /**
   * DELETE of a digest; default removes the manifest and all its tags. `refuse-referenced` answers 409 while
   * an index lists it or a referrer names it, `refuse-two-tags` 409 while two tags are on it, `leaves-tags`
   * removes the digest and leaves the tags answering
   */
  readonly digestDelete?:
    | 'method-not-allowed'
    | 'refuse-dangling'
    | 'refuse-in-use'
    | 'refuse-referenced'
    | 'refuse-two-tags'
    | 'leaves-tags'
  /** an index takes its children along when it is deleted, also those that other indexes list */
  readonly cascades?: boolean
  /** 202 to these deletes, and nothing happens */
  readonly ignoredDeletes?: 'tags' | 'digests' | 'all'
  /**
   * a manifest exists as long as a name it was pushed under: a tag, or its digest when it was PUT by digest
   */
  readonly heldByNames?: boolean
  /** blobs that no manifest of the repository needs go with the delete that let go of them */
  readonly freesBlobs?: boolean
  /** a manifest is refused while something that it names is missing */
  readonly checksPuts?: { readonly status: number; readonly code: string }
  /** an index that lists an index is refused */
  readonly refusesNested?: boolean
  /** tags are kept, listed and found in lower case */
  readonly lowerCasesTags?: boolean
  /** one manifest store behind all repositories: what one deletes, the others lose */
  readonly sharedManifests?: boolean
  /** 429 to everything beyond this */
  readonly rateLimit?: RateLimit
  /** a cache in front: lists and manifests stay as they were first read, unless asked with `no-cache` */
  readonly staleCache?: boolean
  /** the challenge names no service (OpenShift) */
  readonly noService?: boolean
  /** the scope of every challenge, such as `aws` (public.ecr.aws) */
  readonly challengeScope?: string
  /** Gitea's own token endpoint, challenge and packages API */
  readonly gitea?: boolean
  /** the action a DELETE asks for in its challenge; default `delete` */
  readonly deleteAction?: 'push' | '*'
  /** actions for which the token endpoint answers 400 */
  readonly refusedActions?: readonly string[]
  /** the referrers API exists; default true */
  readonly referrers?: boolean
  /** no `Docker-Content-Digest` */
  readonly noDigestHeader?: boolean
  /** sent as the type of every manifest */
  readonly manifestContentType?: string
  /** HEAD of a manifest answers 404 */
  readonly noManifestHead?: boolean
  /** manifest GETs before 429 */
  readonly pullLimit?: number
  /** no catalog */
  readonly noCatalog?: boolean
}

/** A bucket of `burst` requests that fills again by `perSecond`. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
  /** seconds in `Retry-After` */
  readonly retryAfter: number
}

/**
 * Known registries. The sources of each behaviour are the vendors' documents and the issue trackers of
 * clients.
 */
export const VENDORS = {
  distribution2: {
    ignorePage: true,
    noTags: 'null',
    tagDelete: 'digest-invalid',
    referrers: false,
  },
  distribution3: { maxPage: 1000, referrers: false },
  dockerHub: { tagOrder: 'pushed', digestDelete: 'refuse-in-use', noCatalog: true, pullLimit: 100 },
  ghcr: {
    defaultPage: 100,
    tagOrder: 'pushed',
    tagDelete: 'method-not-allowed',
    digestDelete: 'method-not-allowed',
    noCatalog: true,
    referrers: false,
  },
  gitlab: { maxPage: 1000 },
  harbor: { tagDelete: 'unsupported' },
  quay: {
    maxPage: 100,
    defaultPage: 100,
    opaqueCursor: true,
    tagOrder: 'pushed',
    deleteAction: 'push',
    refusedActions: ['delete'],
  },
  ecr: { refusePageAbove: { n: 1000, status: 405 }, noDigestHeader: true },
  gar: { manifestTimes: true, digestDelete: 'refuse-dangling' },
  acr: { tagDelete: 'method-not-allowed', maxPage: 1000 },
  nexus: { nullTags: 2, noManifestHead: true, referrers: false },
} as const satisfies Record<string, Quirks>
