import { WardenError } from '../domain/errors.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { storageFolderOf } from '../domain/names/registry.ts'
import type { Registry } from '../domain/names/reference.ts'
import { parseGroupPattern } from '../domain/patterns/pattern.ts'
import { parseTagPatterns } from './tag-patterns.ts'
import { EXCLUDED_BY_DEFAULT, checkPolicy } from '../domain/prune/policy.ts'
import type { PrunePolicy } from '../domain/prune/policy.ts'
import { parseCount, parseKeepSemver, parseOlderThan, parsePercent } from '../domain/prune/policy-inputs.ts'
import { parseRefTemplate } from '../domain/prune/protect-refs.ts'
import { inputRule } from '../domain/prune/rule.ts'
import type { Rule } from '../domain/prune/rule.ts'
import { parseDuration } from '../domain/quantities/duration.ts'
import { inputError } from '../domain/errors.ts'
import type { InputName } from './input-catalog.ts'
import type { InputReader } from './input-reader.ts'
import type { PruneSettings, UndoSettings } from './prune-settings.ts'
import { parseRepositoryInput } from './repository-inputs.ts'
import type { RepositoryInput } from './repository-inputs.ts'

/**
 * Reads the inputs of `mode: prune`.
 * @throws WardenError of kind `input`, also for a policy that would do nothing or everything
 */
export function parsePrune(reader: InputReader, registry: Registry): PruneSettings {
  const policy = parsePolicy(reader)
  const garbageCollect = reader.flag('garbage-collect')
  checkPolicy(policy, { appliesPlan: reader.text('apply-plan') !== '', sweeps: garbageCollect })
  if (garbageCollect && storageFolderOf(registry) === null) {
    throw new WardenError('input', 'input garbage-collect needs a storage folder', {
      advice:
        'It works only with registry: file:///path; a running registry collects by itself or by its own command',
    })
  }
  return {
    repositories: parseRepositories(reader, registry),
    policy,
    protectFiles: reader.list('protect-files'),
    protectRefs: reader.list('protect-refs').map(parseRefTemplate),
    dryRun: reader.flag('dry-run'),
    validate: reader.flag('validate'),
    planFile: reader.text('plan-file') || null,
    applyPlan: reader.text('apply-plan') || null,
    undoFile: reader.text('undo-file') || null,
    garbageCollect,
  }
}

/** Reads the inputs of `mode: undo`, which takes no policy. */
export function parseUndo(reader: InputReader, registry: Registry): UndoSettings {
  const undoFile = reader.text('undo-file')
  if (undoFile === '') {
    throw new WardenError('input', 'input undo-file is empty', {
      advice: 'Name the file that undo-file wrote in mode: prune',
    })
  }
  const isNarrowed = reader.list('image').length > 0
  return { undoFile, repositories: isNarrowed ? parseRepositories(reader, registry) : [] }
}

function parseRepositories(reader: InputReader, registry: Registry): RepositoryInput[] {
  const lines = reader.list('image')
  if (lines.length === 0) {
    throw new WardenError('input', 'input image is empty', {
      advice: 'Name the repositories to prune: image: ghcr.io/OWNER/NAME',
    })
  }
  return lines.map((line) => parseRepositoryInput(line, registry))
}

function parsePolicy(reader: InputReader): PrunePolicy {
  const excluded = reader.list('exclude-tags')
  const optional = <T>(name: InputName, parse: (text: string, input: string) => T): T | null => {
    const text = reader.text(name)
    return text === '' ? null : parse(text, name)
  }
  return {
    considered: parseTagPatterns(reader.list('tags'), 'tags'),
    excluded: parseTagPatterns(excluded.length === 0 ? [EXCLUDED_BY_DEFAULT] : excluded, 'exclude-tags'),
    excludedByDefault: excluded.length === 0,
    keepLatest: optional('keep-latest', parseCount),
    groupBy: optional('keep-group-by', parseGroupPattern),
    keepSemver: optional('keep-semver', parseKeepSemver),
    olderThan: optional('older-than', parseOlderThan),
    ageSource: reader.choice('age-source', ['auto', 'pushed', 'created', 'updated', 'pulled']),
    unknownAge: reader.choice('unknown-age', ['keep', 'fail']),
    deleteUntagged: reader.flag('delete-untagged'),
    untaggedGrace: parseDuration(reader.text('untagged-grace'), 'untagged-grace'),
    deleteOrphaned: reader.flag('delete-orphaned'),
    deleteBroken: parseBroken(reader),
    protectedDigests: parseDigests(reader.list('protect-digests')),
    protectedTags: new Map(),
    sharedDigest: reader.choice('shared-digest', ['untag', 'swap']),
    minKeep: parseCount(reader.text('min-keep'), 'min-keep'),
    maxDeletes: optional('max-deletes', parseCount),
    maxDeletePercent: parsePercent(reader.text('max-delete-percent'), 'max-delete-percent'),
  }
}

/** `true` could mean either word, so it means neither. */
function parseBroken(reader: InputReader): 'ghost' | 'partial' | false {
  const value = reader.choice('delete-broken', ['ghost', 'partial', 'false'])
  return value === 'false' ? false : value
}

/** A digest, or a reference that ends in one, as people copy them. */
function parseDigests(lines: readonly string[]): Map<Digest, Rule> {
  return new Map(
    lines.map((line) => {
      const digest = line.slice(line.lastIndexOf('@') + 1)
      if (isDigest(digest)) return [digest, inputRule('protect-digests', null)]
      throw inputError('protect-digests', line, 'Write digests: sha256:<64 hex>')
    }),
  )
}
