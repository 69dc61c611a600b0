import { WardenError, inputError } from '../domain/errors.ts'
import { parseIncreaseRules } from '../domain/growth/increase.ts'
import { formatImageSource, parseImageSource } from '../domain/names/image-source.ts'
import { parsePlatform } from '../domain/names/platform.ts'
import { formatReference, parseReference } from '../domain/names/reference.ts'
import type { Registry } from '../domain/names/reference.ts'
import { isRepositoryGlob, parseRepositoryGlob } from '../domain/names/repository-glob.ts'
import { parseTagPatterns } from './tag-patterns.ts'
import { findComma, parseBytes } from '../domain/quantities/bytes.ts'
import { parseMaxLayers, parseSizeLimits } from '../domain/size/limits.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import type { TagFilter } from '../domain/size/selection.ts'
import { parseComment } from './comment-inputs.ts'
import { parseExplain } from './explain-inputs.ts'
import { parseGrowth } from './growth-inputs.ts'
import type { InputReader } from './input-reader.ts'
import { splitList } from './split-list.ts'
import type { ImageInput, SizeSettings } from './settings.ts'

/** Parses what `mode: size` takes. */
export function parseSize(reader: InputReader, registry: Registry): SizeSettings {
  const limits = parseLimits(reader)
  return {
    images: parseImages(reader, registry),
    platforms: parsePlatforms(reader),
    limits,
    growth: parseGrowth(reader, registry, limits),
    severity:
      reader.choice('on-exceed', ['fail', 'warn']) === 'fail' ? 'fail' : { warnBecause: 'on-exceed is warn' },
    overrideLabel: reader.text('override-label') || null,
    comment: parseComment(reader),
    reportFile: reader.text('report-file') || null,
    historyFile: reader.text('history-file') || null,
    badgeFile: reader.text('badge-file') || null,
    explain: parseExplain(reader),
  }
}

function parseImages(reader: InputReader, registry: Registry): ImageInput[] {
  const lines = reader.list('image')
  if (lines.length === 0) {
    throw new WardenError('input', 'input image is empty', {
      advice: 'Name at least one image: image: ghcr.io/OWNER/NAME:TAG',
    })
  }
  const tags = parseTagSelection(reader)
  return lines.flatMap(unwrap).map((line) => parseImage(line, registry, tags))
}

/** What YAML and JSON put around a reference has one meaning: `- a`, `"a"`, `[a, b]`. */
function unwrap(line: string): string[] {
  const [, listed] = /^\[(.*)\]$/.exec(line) ?? []
  if (listed !== undefined) return splitList(listed).flatMap(unwrap)
  const plain = line.replace(/^-\s+/, '').replace(/^(["'])(.*)\1$/, '$2')
  return plain === line ? [line] : unwrap(plain)
}

/** A file that was taken for a repository, and a host that is written twice. */
function rejectLookalike(line: string): void {
  if (/^[^:@]+\.(?:tar|tar\.(?:gz|zst)|tgz)$/i.test(line)) {
    throw inputError(
      'image',
      line,
      `An image in a file is written oci-archive://${line} or docker-archive://${line}`,
    )
  }
  const [first, second] = line.split('/', 3)
  // one with a port is no part of a path, and would only be told so
  if (first !== second || !/[.:]/.test(line.slice(0, first?.length))) return
  throw inputError('image', line, `The host is there twice: write ${line.slice(line.indexOf('/') + 1)}`)
}

function parseImage(line: string, registry: Registry, tags: TagFilter | null): ImageInput {
  const source = parseImageSource(line)
  if (source !== null) {
    if (tags !== null) throw twice(formatImageSource(source))
    return { kind: 'local', source }
  }
  // `/tmp/image.tar` is a file that somebody hopes to measure
  const isPath = line.startsWith('/') && !line.endsWith('/')
  if (!isPath && isRepositoryGlob(line)) return parseGlob(line, registry, tags)
  rejectLookalike(line)
  const reference = parseReference(line, registry)
  if (tags !== null && (reference.tag !== null || reference.digest !== null)) {
    throw twice(formatReference(reference))
  }
  return { kind: 'registry', reference, tags }
}

/** `latest` of each would be a guess: of many repositories, most have none. */
function parseGlob(line: string, registry: Registry, tags: TagFilter | null): ImageInput {
  if (tags === null) {
    throw new WardenError('input', `input image: ${line} is a pattern over repositories, and tags is empty`, {
      advice: 'Say which tags of each are measured: tags: latest, or tags: all',
    })
  }
  return { kind: 'glob', glob: parseRepositoryGlob(line, registry, 'image'), tags }
}

function twice(image: string): WardenError {
  return new WardenError('input', `input image names ${image}, but tags selects tags too`, {
    advice: 'Drop the tag or digest from image, or drop tags and exclude-tags',
  })
}

function parseTagSelection(reader: InputReader): TagFilter | null {
  const wanted = reader.list('tags')
  const unwanted = reader.list('exclude-tags')
  if (wanted.length === 0 && unwanted.length > 0) {
    throw new WardenError('input', 'input exclude-tags is given without tags', {
      advice: 'Add tags: all to measure every tag but these',
    })
  }
  if (wanted.length === 0) return null
  return {
    include: wanted.length === 1 && wanted[0] === 'all' ? 'all' : parseTagPatterns(wanted, 'tags'),
    exclude: parseTagPatterns(unwanted, 'exclude-tags'),
  }
}

function parsePlatforms(reader: InputReader): SizeSettings['platforms'] {
  // blanks part platforms, too, but for those within the version of an OS
  const names = reader.list('platforms').flatMap((line) => line.split(/\s+(?![^()]*\))/))
  if (names.includes('all')) {
    if (names.length > 1)
      throw inputError('platforms', names.join(','), 'Write all, or the platforms you want')
    return 'all'
  }
  return names.map((name) => parsePlatform(name, 'platforms'))
}

/** A list splits at commas, so one within a number has to be met before. */
function rejectCommas(reader: InputReader): void {
  for (const name of ['max-size', 'warn-size', 'max-increase', 'warn-increase'] as const) {
    const comma = findComma(reader.text(name))
    // two limits, each with a unit, are two limits
    if (comma !== null) throw inputError(name, comma.found, comma.advice)
  }
}

function parseLimits(reader: InputReader): SizeLimits {
  rejectCommas(reader)
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
