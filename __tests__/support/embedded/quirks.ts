/**
 * How a registry departs from the distribution spec, as data. Everything left out behaves as the spec says.
 */
export interface Quirks {
  /** larger values of `n` are served as this many */
  readonly maxPage?: number
  /** tags per page when the client names no `n`; default all */
  readonly defaultPage?: number
  /** larger values of `n` are refused */
  readonly refusePageAbove?: { readonly n: number; readonly status: 400 | 405 }
  /** `n` and `last` mean nothing: everything in one answer */
  readonly ignorePage?: boolean
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
  /** DELETE of a digest; default removes the manifest and all its tags */
  readonly digestDelete?: 'method-not-allowed' | 'refuse-dangling' | 'refuse-in-use'
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
