import { layer, type BuiltLayer } from '../../__tests__/support/blobs.ts'
import { attestation, image, index, type BuiltImage } from '../../__tests__/support/images.ts'

const MIB = 1024 * 1024
const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const

export interface Build {
  /** what the application's own layer is made of */
  readonly source: string
  /** MiB of it */
  readonly application: number
  /** a layer that only some builds have */
  readonly fonts?: number
  readonly created?: string
}

/** A Node.js service for two platforms, as `docker build` makes it. */
export function service({ source, application, fonts = 0, created }: Build): BuiltImage {
  const platforms = PLATFORMS.map((platform, number) => {
    const part = (name: string, size: number, createdBy: string) =>
      madeOnce(`${name} ${platform}`, Math.round((size - number * 0.4) * MIB), createdBy)
    const layers = [
      part('base', 28.2, 'ADD rootfs.tar.xz / # debian bookworm'),
      part('node', 19.6, 'RUN apt-get install -y nodejs'),
      part('modules', 31.4, 'RUN npm ci --omit=dev'),
      ...(fonts === 0 ? [] : [part('fonts', fonts, 'RUN apt-get install -y fonts-noto')]),
      part(source, application, 'COPY dist ./dist'),
    ]
    return image(layers, { platform, ...(created === undefined ? {} : { created }) })
  })
  return index(platforms.flatMap((one) => [one, attestation(one)]))
}

const made = new Map<string, BuiltLayer>()

/** Builds share most layers, and bytes take their time to be made. */
function madeOnce(seed: string, size: number, createdBy: string): BuiltLayer {
  const key = `${seed} ${size} ${createdBy}`
  const known = made.get(key) ?? layer(key, size, { createdBy })
  made.set(key, known)
  return known
}
