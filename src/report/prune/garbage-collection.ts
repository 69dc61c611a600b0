import type { Provider } from '../../domain/names/provider.ts'
import { NO_UNDO } from '../../domain/vendors/vendor.ts'
import { VENDORS } from '../../domain/vendors/vendors.ts'
import { EMPTY, blocks, bullets, code, join, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'

/** A kind of registry, one that was seen to free blobs at once, or a storage folder. */
export type RepositoryPlace = Provider | 'at-once' | 'folder'

/** Where a repository, `host/path`, is; for advice only. */
export type ProviderOf = (repository: string) => RepositoryPlace

/** When the bytes of what went are free, and how to get there. */
export function freeingAdvice(providers: ReadonlySet<RepositoryPlace>): Markdown {
  const lines = distinct(
    [...providers].map((place) => {
      if (place === 'folder') return FOLDER_FREES
      return place === 'at-once' ? SEEN_TO_FREE : sentence(VENDORS[place].frees)
    }),
  )
  return blocks(...lines.map((line) => prose`${line}`), providers.has('generic') ? GARBAGE_COLLECTION : EMPTY)
}

/** What a vendor itself can bring back, in a sentence for each kind of registry. */
export function vendorUndo(providers: ReadonlySet<RepositoryPlace>): Markdown[] {
  return distinct(
    vendorsIn(providers).flatMap((provider) => {
      const { undo } = VENDORS[provider]
      return undo === NO_UNDO ? [] : [sentence(undo)]
    }),
  )
}

/** How to take a prune back, and until when. */
export function undoSteps(providers: ReadonlySet<RepositoryPlace>, undoFile: string): Markdown {
  const until = undoableUntil(providers)
  if (until === null) return AT_ONCE
  return prose`**To undo this prune**, ${until}: run \`mode: undo\` with ${code(`undo-file: ${undoFile}`)}. Keep the file where only trusted jobs can write.`
}

/** The same before a prune that has `undo-file`. */
export function undoAhead(
  providers: ReadonlySet<RepositoryPlace>,
  undoFile: string,
  isTaken: boolean,
): Markdown {
  const until = undoableUntil(providers)
  if (until === null) return AT_ONCE
  const file = code(undoFile)
  return isTaken
    ? prose`**${file} is not empty**, so the real run would refuse it: name a new file for each run.`
    : prose`With ${code(`undo-file: ${undoFile}`)} in the real run, \`mode: undo\` can put back what it deletes, ${until}.`
}

/** That there is no way back without `undo-file`: what somebody has to know before, not find out. */
export function noUndo(providers: ReadonlySet<RepositoryPlace>, dryRun: boolean): Markdown {
  if (undoableUntil(providers) === null) return AT_ONCE
  return dryRun
    ? prose`**Without \`undo-file\`**, \`mode: undo\` cannot take this back.`
    : prose`**This run wrote no \`undo-file\`**, so \`mode: undo\` cannot put anything back.`
}

/** What else there is to do about that. */
export function undoOffer(providers: ReadonlySet<RepositoryPlace>, dryRun: boolean): Markdown {
  const until = undoableUntil(providers)
  if (until === null) return EMPTY
  const offer = prose`With \`undo-file: undo.jsonl\` in the real run, \`mode: undo\` can put back what it deletes, ${until}.`
  return join([...(dryRun ? [offer] : []), ...vendorUndo(providers)], prose` `)
}

const AT_ONCE = prose`Nothing can be put back: this registry frees what is deleted at once.`

/** Null: what is deleted is gone at once. */
function undoableUntil(places: ReadonlySet<RepositoryPlace>): Markdown | null {
  const vendors = vendorsIn(places)
  const lasting = vendors.filter((provider) => VENDORS[provider].capabilities.frees !== 'at-once')
  const isFolder = places.has('folder')
  if (lasting.length === 0 && !isFolder) return null
  const onGithub = prose`for 30 days`
  if (lasting.every((provider) => provider === 'ghcr') && lasting.length === places.size) return onGithub
  const parts = [
    ...(lasting.includes('ghcr') ? [prose`${onGithub} on GHCR`] : []),
    ...(lasting.some((provider) => provider !== 'ghcr')
      ? [prose`until the registry collects its garbage`]
      : []),
    ...(isFolder ? [prose`until the storage folder is swept`] : []),
    ...(lasting.length < vendors.length || places.has('at-once')
      ? [prose`not where a registry frees it at once`]
      : []),
  ]
  return join(parts, prose`, `)
}

function vendorsIn(places: ReadonlySet<RepositoryPlace>): Provider[] {
  return [...places].filter((place) => place !== 'folder' && place !== 'at-once')
}

const SEEN_TO_FREE = prose`The registry frees the bytes at once, as this run saw.`

const FOLDER_FREES = prose`**Deleting does not free space yet.** With \`garbage-collect: true\` the run then sweeps the blobs that nothing references; swept, nothing can be put back. The registry must be stopped or read-only, and restarted afterwards.`

/** A vendor's sentence: code in backticks, what is bold in pairs of asterisks. */
function sentence(text: string): Markdown {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)
  return join(
    parts.map((part) => {
      if (part.startsWith('`')) return code(part.slice(1, -1))
      return part.startsWith('**') ? prose`**${own(part.slice(2, -2))}**` : own(part)
    }),
    EMPTY,
  )
}

function distinct(texts: readonly Markdown[]): Markdown[] {
  return [...new Set(texts)]
}

/**
 * distribution 2.8 follows tags to indexes but takes the platform images of a kept index for untagged
 * (distribution issue 3178), and its blob cache outlives the blobs (issues 3254 and 4569).
 */
const GARBAGE_COLLECTION = blocks(
  prose`To collect the garbage of \`registry:2\` or \`registry:3\`, stop the registry or make it read-only, then run:`,
  prose`\`\`\`sh
registry garbage-collect /etc/docker/registry/config.yml # registry:2
registry garbage-collect /etc/distribution/config.yml    # registry:3
\`\`\``,
  bullets([
    prose`**Never with \`--delete-untagged\` (\`-m\`) on 2.x:** it deletes the platform images of multi-arch images that stay.`,
    prose`**Restart the registry afterwards.** Its cache still knows the layers that are gone: it would skip their next upload, and pulls would fail.`,
  ]),
)
