import { detectProvider } from '../../domain/names/provider.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { EMPTY, blocks, bullets, details, markup, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'

/** How a registry treats what was deleted. */
interface Cleanup {
  /** when the bytes are free */
  readonly frees: Markdown
  /** what can be brought back, and how */
  readonly undo: Markdown
}

const NO_UNDO = prose`A delete cannot be undone.`
const BY_ITSELF = prose`The registry frees the bytes by itself, some time after the delete.`

const CLEANUPS: Readonly<Record<Provider, Cleanup>> = {
  generic: {
    frees: prose`**No byte is free yet after a delete:** a self-hosted registry frees them when its garbage is collected.`,
    undo: NO_UNDO,
  },
  ghcr: {
    frees: BY_ITSELF,
    undo: prose`GitHub can restore a deleted version for 30 days, in the settings of the package.`,
  },
  quay: {
    frees: prose`Quay frees the bytes when the time machine of the repository has run out.`,
    undo: prose`Quay can restore deleted tags from the tag history of the repository until its time machine has run out.`,
  },
  'docker-hub': { frees: prose`When the bytes are free is up to Docker Hub.`, undo: NO_UNDO },
  gar: { frees: BY_ITSELF, undo: NO_UNDO },
  ecr: { frees: BY_ITSELF, undo: NO_UNDO },
  acr: {
    frees: prose`The registry frees the bytes by itself; with soft delete on, when the retention is over.`,
    undo: prose`A delete cannot be undone, unless soft delete is on.`,
  },
  gitlab: {
    frees: prose`GitLab.com frees the bytes by itself; a self-managed GitLab with \`gitlab-ctl registry-garbage-collect\`.`,
    undo: NO_UNDO,
  },
  harbor: {
    frees: prose`**No byte is free yet after a delete:** Harbor frees them with its garbage collection (Administration, Clean Up).`,
    undo: NO_UNDO,
  },
  openshift: {
    frees: prose`OpenShift frees the bytes with \`oc adm prune images\`.`,
    undo: NO_UNDO,
  },
}

/** Which kind of registry a repository, `host/path`, is in; for advice only. */
export type ProviderOf = (repository: string) => Provider

export function providerByHost(repository: string): Provider {
  return detectProvider(repository.split('/', 1)[0] ?? '')
}

/** When the bytes of what went are free, and how to get there. */
export function freeingAdvice(providers: ReadonlySet<Provider>): Markdown {
  const lines = distinct([...providers].map((provider) => CLEANUPS[provider].frees))
  return blocks(
    ...lines.map((line) => prose`💾 ${line}`),
    providers.has('generic') ? GARBAGE_COLLECTION : EMPTY,
  )
}

/** What can be brought back, in a sentence for each kind of registry. */
export function undoAdvice(providers: ReadonlySet<Provider>): Markdown[] {
  return distinct([...providers].map((provider) => CLEANUPS[provider].undo))
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
      prose`**Without \`--delete-untagged\` (\`-m\`):** in 2.x it deletes the platform images of multi-arch images that stay.`,
      prose`**Start the registry anew afterwards.** Its cache still knows the layers that are gone: it would skip their next upload, and pulls would fail.`,
    ]),
  ),
)
