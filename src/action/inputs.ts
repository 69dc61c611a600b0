import { WardenError, inputError } from '../domain/errors.ts'
import { parseIncreaseRules } from '../domain/growth/increase.ts'
import { parsePlatform } from '../domain/names/platform.ts'
import { formatReference, parseReference, parseRegistry } from '../domain/names/reference.ts'
import type { Registry } from '../domain/names/reference.ts'
import { parsePatterns } from '../domain/patterns/pattern.ts'
import { parseBytes } from '../domain/quantities/bytes.ts'
import { parseDuration } from '../domain/quantities/duration.ts'
import { parseMaxLayers, parseSizeLimits } from '../domain/size/limits.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import type { TagSelection } from '../domain/size/selection.ts'
import { parseGrowth } from './growth-inputs.ts'
import type { InputName } from './input-catalog.ts'
import { createInputReader, readMode } from './input-reader.ts'
import type { GetInput, InputReader } from './input-reader.ts'
import type { Command, CommonSettings, ImageInput, SizeSettings } from './settings.ts'

/** Inputs that the contract names and this version does not build yet: an error, never silently ignored. */
const NOT_BUILT: readonly InputName[] = ['override-label', 'comment-key']

/**
 * Turns the raw inputs into a command, before any request.
 * @throws WardenError of kind `input` for the first input that is wrong, of another mode, or not built yet
 */
export function parseInputs(get: GetInput): Command {
  const reader = createInputReader(get)
  const mode = readMode(reader)
  if (mode === 'size') return { mode, common: parseCommon(reader), size: parseSize(reader) }
  throw new WardenError('input', `mode ${mode} is not available in this version`, {
    advice: 'Use mode: size',
  })
}

function parseCommon(reader: InputReader): CommonSettings {
  const registry = parseRegistry(reader.text('registry'))
  const username = reader.text('username')
  const password = reader.secret('password')
  const warnings: string[] = []
  if (username === '' && password !== '') {
    throw new WardenError('input', 'input password is given without username', {
      advice: `Set username to the user the password belongs to at ${registry.host}`,
    })
  }
  if (username !== '' && password === '') {
    warnings.push(
      'username is given, but password is empty (secrets are absent on pull requests from forks): going on without them',
    )
  }
  const insecure = reader.flag('insecure')
  if (insecure) {
    warnings.push(`insecure is true: the certificate of ${registry.host} is not checked; prefer ca-file`)
  }
  return {
    registry,
    login: password === '' ? null : { username, password },
    caFile: reader.text('ca-file') || null,
    insecure,
    concurrency: reader.count('concurrency', 1, 64),
    maxDuration: reader.given('max-duration')
      ? parseDuration(reader.text('max-duration'), 'max-duration')
      : null,
    cacheDir: reader.text('cache-dir') || null,
    summary: reader.flag('summary'),
    units: reader.choice('units', ['iec', 'si']),
    warnings,
  }
}

function parseSize(reader: InputReader): SizeSettings {
  for (const name of NOT_BUILT) {
    if (reader.given(name)) {
      throw new WardenError('input', `input ${name} is not available in this version`, {
        advice: `Remove ${name}`,
      })
    }
  }
  const limits = parseLimits(reader)
  return {
    images: parseImages(reader),
    platforms: parsePlatforms(reader),
    limits,
    growth: parseGrowth(reader, parseRegistry(reader.text('registry')), limits),
    severity:
      reader.choice('on-exceed', ['fail', 'warn']) === 'fail' ? 'fail' : { warnBecause: 'on-exceed is warn' },
    reportFile: reader.text('report-file') || null,
  }
}

function parseImages(reader: InputReader): ImageInput[] {
  const registry: Registry = parseRegistry(reader.text('registry'))
  const lines = reader.list('image')
  if (lines.length === 0) {
    throw new WardenError('input', 'input image is empty', {
      advice: 'Name at least one image: image: ghcr.io/OWNER/NAME:TAG',
    })
  }
  const tags = parseTagSelection(reader)
  return lines.map((line) => {
    const reference = parseReference(line, registry)
    const single = reference.tag !== null || reference.digest !== null
    if (tags !== null && single) {
      throw new WardenError(
        'input',
        `input image names ${formatReference(reference)}, but tags selects tags too`,
        {
          advice: 'Drop the tag or digest from image, or drop tags and exclude-tags',
        },
      )
    }
    return { reference, tags }
  })
}

function parseTagSelection(reader: InputReader): TagSelection | null {
  const wanted = reader.list('tags')
  const unwanted = reader.list('exclude-tags')
  if (wanted.length === 0 && unwanted.length > 0) {
    throw new WardenError('input', 'input exclude-tags is given without tags', {
      advice: 'Add tags: all to measure every tag but these',
    })
  }
  if (wanted.length === 0) return null
  return {
    include: wanted.length === 1 && wanted[0] === 'all' ? 'all' : parsePatterns(wanted, 'tags'),
    exclude: parsePatterns(unwanted, 'exclude-tags'),
  }
}

function parsePlatforms(reader: InputReader): SizeSettings['platforms'] {
  const names = reader.list('platforms')
  if (names.includes('all')) {
    if (names.length > 1)
      throw inputError('platforms', names.join(','), 'Write all, or the platforms you want')
    return 'all'
  }
  return names.map((name) => parsePlatform(name, 'platforms'))
}

function parseLimits(reader: InputReader): SizeLimits {
  const layerSize = reader.text('max-layer-size')
  return {
    maxSize: parseSizeLimits(reader.list('max-size'), 'max-size'),
    warnSize: parseSizeLimits(reader.list('warn-size'), 'warn-size'),
    maxLayers: parseMaxLayers(reader.text('max-layers'), 'max-layers'),
    maxLayerSize: layerSize === '' ? null : parseBytes(layerSize, 'max-layer-size'),
    maxIncrease: parseIncreaseRules(reader.list('max-increase'), 'max-increase'),
    warnIncrease: parseIncreaseRules(reader.list('warn-increase'), 'warn-increase'),
    ignoreBase: reader.flag('ignore-base'),
  }
}
