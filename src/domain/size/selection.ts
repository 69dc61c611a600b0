import { WardenError } from '../errors.ts'
import { formatPlatform, matchesPlatform } from '../names/platform.ts'
import type { Platform, PlatformSelector } from '../names/platform.ts'
import { sortTags } from '../names/tag-order.ts'
import type { Tag } from '../names/tag.ts'
import { firstMatch } from '../patterns/pattern.ts'
import type { Pattern } from '../patterns/pattern.ts'

/** Which tags of a repository are measured: `all` or those a pattern names, less those an exclusion names. */
export interface TagFilter {
  readonly include: 'all' | readonly Pattern[]
  readonly exclude: readonly Pattern[]
}

/** The selected tags in SemVer, then natural order, the order in which many tags are shown. */
export function selectTags(tags: readonly Tag[], selection: TagFilter): Tag[] {
  const { include, exclude } = selection
  const included = include === 'all' ? tags : tags.filter((tag) => firstMatch(include, tag) !== null)
  return sortTags(included.filter((tag) => firstMatch(exclude, tag) === null))
}

/** `all`, or the platforms asked for. */
export type PlatformSelection = 'all' | readonly PlatformSelector[]

/** Whether a platform image is asked for. An unknown platform is asked for only by `all`. */
export function selectsPlatform(selection: PlatformSelection, platform: Platform | null): boolean {
  if (selection === 'all') return true
  return platform !== null && selection.some((wanted) => matchesPlatform(wanted, platform))
}

/**
 * An entry of `platforms` that no image has is an error: a check that silently measures nothing is green and
 * wrong.
 * @param seen every platform the images have, selected or not
 */
export function requirePlatforms(selection: PlatformSelection, seen: readonly Platform[]): void {
  if (selection === 'all') return
  for (const wanted of selection) {
    if (seen.some((platform) => matchesPlatform(wanted, platform))) continue
    const offered = [...new Set(seen.map(formatPlatform))].slice(0, 20).join(', ')
    throw new WardenError('input', `input platforms: no selected image has ${formatPlatform(wanted)}`, {
      advice: offered === '' ? 'None of them names a platform' : `They have: ${offered}`,
    })
  }
}
