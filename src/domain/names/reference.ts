import type { Digest } from './digest.ts'
import type { Tag } from './tag.ts'

/** A registry as an origin to talk to. Two registries are the same when `origin` is. */
export interface Registry {
  /** lower-case host with port unless the scheme's default, as people write it (`docker.io`, `localhost:5000`) */
  readonly host: string
  /** scheme, host and port requests go to, e.g. `https://registry-1.docker.io`; no trailing slash */
  readonly origin: string
}

/** A repository: `path` is validated and safe to put into a URL path. */
export interface Repository {
  readonly registry: Registry
  readonly path: string
}

/** `[host/]repo[:tag][@digest]`, parsed (distribution/reference grammar). Neither tag nor digest: both are null. */
export interface Reference {
  readonly repository: Repository
  readonly tag: Tag | null
  readonly digest: Digest | null
}
