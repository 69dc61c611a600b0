import type { EmbeddedAuth } from './access.ts'
import { VENDORS, type Quirks } from './quirks.ts'

/** The account of the faces that want a login. */
export const FACE_ACCOUNT = { username: 'warden', password: 'open sesame' } as const

/** Options of an embedded registry that make it behave as a kind of registry does. */
export interface Face {
  readonly quirks: Quirks
  readonly auth?: EmbeddedAuth
}

const RATE_LIMIT = { perSecond: 10, burst: 5, retryAfter: 1 } as const

/**
 * Registries as they were met: real ones, and ways to go wrong that real ones have in common. Faces are plain
 * values: `{ ...FACES.gitea.quirks, ...FACES.rateLimited.quirks }` is a Gitea behind a rate limit.
 */
export const FACES = {
  /** as the distribution spec says, with a referrers API */
  spec: { quirks: {} },
  distribution2: { quirks: VENDORS.distribution2 },
  distribution3: { quirks: VENDORS.distribution3 },
  /** Gitea and Forgejo: a name is all that holds a manifest, its blobs go at once */
  gitea: {
    auth: {
      kind: 'token',
      service: 'container_registry',
      accounts: {
        [FACE_ACCOUNT.username]: {
          password: FACE_ACCOUNT.password,
          access: { '*': ['pull', 'push', 'delete'] },
        },
      },
      anonymous: { '*': ['pull'] },
    },
    quirks: {
      gitea: true,
      heldByNames: true,
      freesBlobs: true,
      checksPuts: { status: 404, code: 'BLOB_UNKNOWN' },
      refusesNested: true,
      lowerCasesTags: true,
      links: 'every-page',
      referrers: false,
    },
  },
  /**
   * GitLab's registry with its metadata database: 409 while an index lists a digest or a referrer names it
   */
  gitlabDatabase: { quirks: { maxPage: 1000, digestDelete: 'refuse-referenced', referrers: false } },
  /** DELETE by tag removes what the tag names, with all its tags */
  dereferencing: { quirks: { tagDelete: 'takes-siblings' } },
  /** an index takes its children along (Docker Hub) */
  cascading: { quirks: { cascades: true } },
  /** 202, and nothing happens */
  ignoringDeletes: { quirks: { ignoredDeletes: 'all' } },
  ignoringTagDeletes: { quirks: { ignoredDeletes: 'tags' } },
  ignoringDigestDeletes: { quirks: { ignoredDeletes: 'digests' } },
  /** a delete by digest leaves the tags (go-containerregistry's registry) */
  nameCopying: { quirks: { digestDelete: 'leaves-tags' } },
  rateLimited: { quirks: { rateLimit: RATE_LIMIT } },
  /** one manifest store for all repositories */
  oneStore: { quirks: { sharedManifests: true } },
  /** at most `n` tags, never a Link, `last` ignored */
  listOfOnePage: { quirks: { defaultPage: 100, ignoreLast: true, links: 'none' } },
  /** pages of 100, a Link on the first only */
  linkOnFirstPage: { quirks: { maxPage: 100, defaultPage: 100, links: 'first-page' } },
  /** pages of 37, never a Link */
  pagesWithoutLink: { quirks: { maxPage: 37, defaultPage: 37, links: 'none' } },
  staleCache: { quirks: { staleCache: true } },
  /** zot: 409 to a digest with two tags, and a name is all that holds a manifest */
  zot: {
    quirks: {
      heldByNames: true,
      digestDelete: 'refuse-two-tags',
      checksPuts: { status: 404, code: 'BLOB_UNKNOWN' },
    },
  },
  /** blobs go with the delete that let go of them */
  freeingBlobs: { quirks: { freesBlobs: true, checksPuts: { status: 404, code: 'MANIFEST_BLOB_UNKNOWN' } } },
} as const satisfies Record<string, Face>
