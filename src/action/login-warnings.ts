import { withProvider } from '../domain/names/registry.ts'
import type { Registry } from '../domain/names/reference.ts'
import type { Command, SizeSettings } from './settings.ts'
import type { PruneSettings } from './prune-settings.ts'

/**
 * A warning when `username` and `password` are given and nothing is asked of the registry that they are for.
 */
export function loginWarnings(command: Command): string[] {
  const { registry, login } = command.common
  const used = registriesOf(command)
  if (login === null || used === null || used.some(({ origin }) => origin === registry.origin)) return []
  const where = `username and password are for ${registry.host} (input registry), which nothing here names`
  const [host, ...others] = new Set(used.map((one) => one.host))
  if (host === undefined) return [`${where}; remove them`]
  return [`${where}; add registry: ${others.length === 0 ? host : 'with the host that they are for'}`]
}

/**
 * What `insecure` turns off: the certificate of one registry, or nothing. Refers to `registry`, as the login
 * does.
 */
export function insecureWarnings(command: Command): string[] {
  const { registry, insecure } = command.common
  if (!insecure) return []
  const used = registriesOf(command)
  if (used === null || used.some(({ origin }) => origin === registry.origin)) {
    return [`insecure is true: the certificate of ${registry.host} is not checked; prefer ca-file`]
  }
  const others = [...new Set(used.map(({ host }) => host))].join(', ')
  const named = others === '' ? 'no registry is named here' : `image names ${others}`
  return [
    `insecure is true, but concerns nothing: it is for ${registry.host} (input registry), and ${named}` +
      (others === '' ? '' : '; set registry to the host whose certificate is not to be checked'),
  ]
}

/**
 * A host that is known for one vendor is not another's.
 * @throws WardenError of kind `input` where `provider` contradicts the host of a registry that is named
 */
export function checkProvider(command: Command): void {
  for (const registry of registriesOf(command) ?? []) withProvider(registry, command.common.provider)
}

/** The registries that a run reads from by its inputs; null where these do not tell. */
function registriesOf(command: Command): Registry[] | null {
  if (command.mode === 'size') return registriesOfSize(command.size)
  if (command.mode === 'prune') return registriesOfChoices(command.prune)
  return command.mode === 'list' ? registriesOfChoices(command.list) : null
}

function registriesOfSize({ images, growth }: SizeSettings): Registry[] | null {
  const { baseline, baseImage } = growth
  // the image's annotations name it
  if (baseImage === 'auto') return null
  return [
    ...images.flatMap((image) => {
      if (image.kind === 'glob') return [image.glob.registry]
      return image.kind === 'registry' ? [image.reference.repository.registry] : []
    }),
    ...baseline.flatMap((entry) => (entry.kind === 'reference' ? [entry.repository.registry] : [])),
    ...(baseImage === null ? [] : [baseImage.repository.registry]),
  ]
}

function registriesOfChoices({ repositories }: Pick<PruneSettings, 'repositories'>): Registry[] {
  return repositories.map((input) =>
    input.kind === 'glob' ? input.glob.registry : input.repository.registry,
  )
}
