import type { Provider } from '../../domain/names/provider.ts'
import { VENDORS } from '../../domain/vendors/vendors.ts'
import { EMPTY, blocks, bullets, code, details, join, markup, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'

/** Which kind of registry a repository, `host/path`, is in; for advice only. */
export type ProviderOf = (repository: string) => Provider

/** When the bytes of what went are free, and how to get there. */
export function freeingAdvice(providers: ReadonlySet<Provider>): Markdown {
  const lines = distinct([...providers].map((provider) => sentence(VENDORS[provider].frees)))
  return blocks(...lines.map((line) => prose`${line}`), providers.has('generic') ? GARBAGE_COLLECTION : EMPTY)
}

/** What can be brought back, in a sentence for each kind of registry. */
export function undoAdvice(providers: ReadonlySet<Provider>): Markdown[] {
  return distinct([...providers].map((provider) => sentence(VENDORS[provider].undo)))
}

/** How to take a prune back, and until when. */
export function undoSteps(providers: ReadonlySet<Provider>, undoFile: string): Markdown {
  const isAtOnce = [...providers].some((provider) => VENDORS[provider].capabilities.frees === 'at-once')
  const until = providers.has('ghcr') ? prose`for 30 days` : prose`until the registry collects its garbage`
  const step = prose`**To take it back**, ${until}: run a step with \`mode: undo\` and \`undo-file:\` ${code(undoFile)}. Keep that file where only trusted jobs write.`
  return isAtOnce ? prose`Where a registry frees blobs at once, nothing can be put back. ${step}` : step
}

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
const GARBAGE_COLLECTION = details(
  markup`How to collect the garbage of <code>registry:2</code> and <code>registry:3</code>`,
  blocks(
    prose`Stop the registry or make it read-only, then run the one that fits:`,
    prose`\`\`\`sh
registry garbage-collect /etc/docker/registry/config.yml # registry:2
registry garbage-collect /etc/distribution/config.yml    # registry:3
\`\`\``,
    bullets([
      prose`**Never with \`--delete-untagged\` (\`-m\`) on 2.x:** it deletes the platform images of multi-arch images that stay.`,
      prose`**Restart the registry afterwards.** Its cache still knows the layers that are gone: it would skip their next upload, and pulls would fail.`,
    ]),
  ),
)
