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

/** The registries that a run reads from by its inputs; null where these do not tell. */
function registriesOf(command: Command): Registry[] | null {
  if (command.mode === 'size') return registriesOfSize(command.size)
  return command.mode === 'prune' ? registriesOfPrune(command.prune) : null
}

function registriesOfSize({ images, growth }: SizeSettings): Registry[] | null {
  const { baseline, baseImage } = growth
  // the image's annotations name it
  if (baseImage === 'auto') return null
  return [
    ...images.flatMap((image) => (image.kind === 'registry' ? [image.reference.repository.registry] : [])),
    ...baseline.flatMap((entry) => (entry.kind === 'reference' ? [entry.repository.registry] : [])),
    ...(baseImage === null ? [] : [baseImage.repository.registry]),
  ]
}

function registriesOfPrune({ repositories }: PruneSettings): Registry[] {
  return repositories.map((input) =>
    input.kind === 'glob' ? input.glob.registry : input.repository.registry,
  )
}
