/**
 * The platform of one image (image-spec image-index.md, "platform"). Normalised: `x86_64` is `amd64`, `aarch64` is
 * `arm64`; `arm64/v8` and `amd64/v1` carry no variant; 32-bit `arm` without a variant is `v7`.
 */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
  /** Windows lists several images per architecture; only `os.version` tells them apart. */
  readonly osVersion: string | null
}
