import { WardenError } from '../errors.ts'
import { parseVersion } from '../names/tag-order.ts'
import { isTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import type { Rule } from './rule.ts'

/** What is alive on GitHub, as far as templates ask for it. */
export interface LiveRefs {
  readonly pullRequests: readonly {
    readonly number: number
    readonly headSha: string
    /** of the merge with the target that GitHub tests; null where there is none */
    readonly mergeSha: string | null
  }[]
  readonly branches: readonly { readonly name: string; readonly sha: string }[]
  readonly tags: readonly string[]
  /** the tag of each */
  readonly releases: readonly string[]
}

/** What a template needs to be expanded: one list of GitHub. */
export type RefList = keyof LiveRefs

type RefPlaceholder = 'open-pr' | 'open-pr-sha' | 'branch' | 'branch-sha' | 'tag' | 'release'

const LISTS: Readonly<Record<RefPlaceholder, RefList>> = {
  'open-pr': 'pullRequests',
  'open-pr-sha': 'pullRequests',
  branch: 'branches',
  'branch-sha': 'branches',
  tag: 'tags',
  release: 'releases',
}

type Part = string | { readonly placeholder: RefPlaceholder; readonly length: number | null }

/** A line of `protect-refs`, `pr-{open-pr}`. */
export interface RefTemplate {
  /** as the user wrote it */
  readonly source: string
  readonly list: RefList
  readonly parts: readonly Part[]
}

const PLACEHOLDER = /\{([^{}]*)\}/
const ACCEPTED =
  'Write lines such as pr-{open-pr}, {branch}, {tag}, {release}, {open-pr-sha:7} or {branch-sha}'

/**
 * Parses one template. Its placeholders are all of one kind of ref, since each expands to one tag per ref.
 * @throws WardenError of kind `input`
 */
export function parseRefTemplate(source: string): RefTemplate {
  const parts = source
    .split(PLACEHOLDER)
    .map((text, at): Part => (at % 2 === 0 ? text : parsePlaceholder(text, source)))
  const lists = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [LISTS[part.placeholder]])))
  const [list] = lists
  if (list === undefined)
    throw refuse(source, 'has no placeholder', `${ACCEPTED}; plain tags go in exclude-tags`)
  if (lists.size > 1) throw refuse(source, 'mixes several kinds of refs', 'Write a line for each')
  if (parts.some((part) => typeof part === 'string' && /[^A-Za-z0-9._-]/.test(part))) {
    throw refuse(source, 'has characters that no tag can hold', ACCEPTED)
  }
  return { source, list, parts }
}

function parsePlaceholder(text: string, source: string): Exclude<Part, string> {
  const [name = '', cut] = text.split(':', 2)
  if (!isPlaceholder(name)) throw refuse(source, `has the unknown placeholder {${name}}`, ACCEPTED)
  if (cut === undefined) return { placeholder: name, length: null }
  const isCut = name.endsWith('-sha') && /^\d{1,2}$/.test(cut) && Number(cut) >= 4 && Number(cut) <= 64
  if (!isCut)
    throw refuse(source, `cannot cut {${text}}`, 'Commits are cut to 4 to 64 characters: {branch-sha:7}')
  return { placeholder: name, length: Number(cut) }
}

function isPlaceholder(name: string): name is RefPlaceholder {
  return Object.hasOwn(LISTS, name)
}

function refuse(source: string, why: string, advice: string): WardenError {
  return new WardenError('input', `input protect-refs: ${source} ${why}`, { advice })
}

/** Every tag that the templates stand for, with the ref that protects it; the first one is told. */
export function expandRefs(templates: readonly RefTemplate[], refs: LiveRefs): Map<Tag, Rule> {
  const found = new Map<Tag, Rule>()
  for (const template of templates) {
    for (const { ref, values } of valuesOf(template.list, refs)) {
      for (const name of fill(template.parts, values)) {
        for (const tag of asTags(name)) {
          if (isTag(tag) && !found.has(tag)) found.set(tag, { kind: 'ref', template: template.source, ref })
        }
      }
    }
  }
  return found
}

/** What each placeholder stands for with one ref; several where a ref has several names. */
interface RefValues {
  /** for people */
  readonly ref: string
  readonly values: Partial<Readonly<Record<RefPlaceholder, readonly string[]>>>
}

function valuesOf(list: RefList, refs: LiveRefs): RefValues[] {
  switch (list) {
    case 'pullRequests':
      return refs.pullRequests.map(({ number, headSha, mergeSha }) => ({
        ref: `open pull request #${number}`,
        values: {
          'open-pr': [String(number)],
          'open-pr-sha': mergeSha === null ? [headSha] : [headSha, mergeSha],
        },
      }))
    case 'branches':
      return refs.branches.map(({ name, sha }) => ({
        ref: `branch ${name}`,
        values: { branch: [name], 'branch-sha': [sha] },
      }))
    case 'tags':
      return refs.tags.map((name) => ({ ref: `Git tag ${name}`, values: { tag: versionNames(name) } }))
    case 'releases':
      return refs.releases.map((name) => ({
        ref: `release ${name}`,
        values: { release: versionNames(name) },
      }))
    default:
      return []
  }
}

/** A version is also published without its `v` and its build metadata, and as `1.2` and `1`. */
function versionNames(name: string): string[] {
  const bare = name.replace(/^v(?=\d)/, '')
  const version = parseVersion(bare.replace('+', '-'))
  if (version === null) return name === bare ? [name] : [name, bare]
  const { major, minor } = version
  const [released = bare] = bare.split('+', 1)
  const lines = [bare, released, `${major}`, ...(minor === null ? [] : [`${major}.${minor}`])]
  return [...new Set([name, ...lines.flatMap((line) => [line, `v${line}`])])]
}

function fill(parts: readonly Part[], values: RefValues['values']): string[] {
  let names = ['']
  for (const part of parts) {
    const choices =
      typeof part === 'string'
        ? [part]
        : (values[part.placeholder] ?? []).map((text) =>
            part.length === null ? text : text.slice(0, part.length),
          )
    names = names.flatMap((name) => choices.map((choice) => `${name}${choice}`))
  }
  return names
}

/** As docker/metadata-action writes a name that a tag cannot hold: `feature/x` is `feature-x`. */
function asTags(name: string): string[] {
  return [name.replaceAll(/[^A-Za-z0-9._-]+/g, '-'), name.replaceAll(/[^A-Za-z0-9._-]/g, '-')]
}
