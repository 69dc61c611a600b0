import { WardenError } from '../../../src/domain/errors.ts'
import type { ErrorKind } from '../../../src/domain/errors.ts'
import type { Descriptor, Manifest, ResolvedManifest } from '../../../src/domain/manifest/manifest.ts'
import { isDigest } from '../../../src/domain/names/digest.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { platformOf } from '../../../src/domain/names/platform.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { Tag } from '../../../src/domain/names/tag.ts'
import type { Capabilities } from '../../../src/domain/prune/inventory.ts'
import type { DeleteOutcome, PruneTarget, VendorListing } from '../../../src/domain/prune/ports.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { asTimestamp, formatTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { PLACEHOLDER_TYPE, PROBE_PREFIX } from '../../../src/domain/prune/placeholder.ts'
import { NOW } from '../../domain/prune/repository-dsl.ts'
import { descriptor, digestOf } from '../../support/fake-reader.ts'

const DAY = 24 * 60 * 60 * 1000
export const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
const CREATED = 'org.opencontainers.image.created'

/** A manifest by the name a test calls it. */
export interface Made {
  readonly manifest: Manifest
  /** what the config of an image says */
  readonly created: string | null
}

interface Facts {
  /** days since it was built, told by the config; left out: unknown */
  readonly days?: number
  /** the same, told by an annotation */
  readonly annotatedDays?: number
  readonly subject?: string
  readonly layers?: Readonly<Record<string, number>>
  /** manifests that it lists as its layers, by their type */
  readonly bundles?: Readonly<Record<string, string>>
}

export function image(
  name: string,
  { days, annotatedDays, subject, layers, bundles = {} }: Facts = {},
): Made {
  return {
    manifest: {
      kind: 'image',
      mediaType: OCI_IMAGE,
      config: descriptor(`${name}.config`, 100, 'application/vnd.oci.image.config.v1+json'),
      layers: [
        ...Object.entries(layers ?? { [`${name}.layer`]: 1000 }).map(([layer, size]) =>
          descriptor(layer, size),
        ),
        ...Object.entries(bundles).map(([layer, type]) => descriptor(layer, 500, type)),
      ],
      artifactType: null,
      subject: subject === undefined ? null : descriptor(subject, 500, OCI_IMAGE),
      annotations: new Map(annotatedDays === undefined ? [] : [[CREATED, daysAgo(annotatedDays)]]),
    },
    created: days === undefined ? null : daysAgo(days),
  }
}

export function index(children: readonly string[], { annotatedDays, subject }: Facts = {}): Made {
  return {
    manifest: {
      kind: 'index',
      mediaType: OCI_INDEX,
      manifests: children.map((child) =>
        descriptor(child, 500, child.startsWith('I') ? OCI_INDEX : OCI_IMAGE),
      ),
      artifactType: null,
      subject: subject === undefined ? null : descriptor(subject, 500, OCI_IMAGE),
      annotations: new Map(annotatedDays === undefined ? [] : [[CREATED, daysAgo(annotatedDays)]]),
    },
    created: null,
  }
}

export function daysAgo(days: number): string {
  return formatTimestamp(asTimestamp(NOW - days * DAY))
}

export const names = (text: string): string[] => text.split(' ').filter((name) => name !== '')

/** The tag that cosign and the referrers fallback give to things about a manifest. */
export function subjectTag(subject: string, suffix = '.sig'): string {
  return `${digestOf(subject).replace(':', '-')}${suffix}`
}

export interface WorldOptions {
  readonly name?: string
  readonly origin?: string
  readonly deletes?: 'on' | 'off' | 'denied' | 'unclear'
  readonly untag?: 'yes' | 'unsupported' | 'takes-siblings'
  /**
   * what else this registry does: deletes children with their index, answers and does nothing, keeps tags of
   * a deleted digest, holds a manifest only by the names it was pushed under, or by its tags, deletes no
   * digest with two tags, deletes no subject before its referrers
   */
  readonly quirk?:
    'cascades' | 'does-nothing' | 'keeps-tags' | 'by-name' | 'last-tag' | 'tag-by-tag' | 'referrers-first'
  readonly capabilities?: Partial<Capabilities>
  readonly referrersApi?: boolean
  readonly listing?: () => VendorListing
  /** tags that the list of tags leaves out */
  readonly hides?: (tag: string) => boolean
}

/**
 * A registry with one repository in memory, behind the ports of pruning. Digests go by the names that tests
 * give; every request is remembered as a line, and may be failed or preceded by somebody else's push.
 */
export class World {
  readonly tags: Map<string, string>
  readonly manifests: Map<string, Made>
  readonly requests: string[] = []
  readonly target: PruneTarget
  /** asked before each request; what it returns is thrown instead */
  fault: (line: string, number: number) => WardenError | null = () => null
  /** asked before each deletion; what it returns is the outcome instead */
  answer: (line: string) => DeleteOutcome | null = () => null
  /** asked after each deletion: the outcome that is told instead */
  spoil: (outcome: DeleteOutcome) => DeleteOutcome = (outcome) => outcome
  /** called before each request: somebody else's doing */
  meanwhile: (line: string) => void = () => undefined
  readonly #options: WorldOptions
  readonly #names = new Map<string, string>()
  readonly #everPushed: Map<string, Made>
  /** put by digest, where that is a name of its own */
  readonly #byDigest = new Set<string>()
  /** tags whose digest is gone, where they outlive it */
  readonly #copies = new Map<string, Made>()
  #placeholders = 0
  #freshTags = 0
  /** placeholders below a fresh tag */
  readonly #ours = new Set<string>()

  constructor(
    tags: Readonly<Record<string, string>>,
    manifests: Readonly<Record<string, Made>>,
    options: WorldOptions = {},
  ) {
    this.tags = new Map(Object.entries(tags))
    this.manifests = new Map(Object.entries(manifests))
    this.#options = options
    this.#everPushed = new Map(this.manifests)
    for (const name of this.manifests.keys()) this.#names.set(digestOf(name), name)
    this.target = this.#makeTarget()
  }

  /** `tag→name`, sorted, and the manifests that are left. */
  state(): { tags: string[]; manifests: string[] } {
    return {
      tags: [...this.tags].map(([tag, name]) => `${tag}→${name}`).sort(),
      manifests: [...this.manifests.keys()].sort(),
    }
  }

  writes(): string[] {
    return this.requests.filter((line) => /^(DELETE|UNTAG|PUT) /.test(line))
  }

  /** The same without what a trial on a manifest of its own writes. */
  writesToOthers(): string[] {
    return this.writes().filter(
      (line) => !line.includes(` ${PROBE_PREFIX}`) && !this.#ours.has(line.split(' ')[1] ?? ''),
    )
  }

  nameOf(digest: string): string {
    return this.#names.get(digest) ?? digest
  }

  madeOf(name: string): Made {
    const made = this.#everPushed.get(name)
    if (made === undefined) throw new Error(`${name} was never pushed`)
    return made
  }

  /** Adds a manifest after the fact, as a push does. */
  push(name: string, made: Made, tag?: string): void {
    this.manifests.set(name, made)
    this.#everPushed.set(name, made)
    this.#names.set(digestOf(name), name)
    if (tag !== undefined) this.tags.set(tag, name)
  }

  #ask(verb: string, name: string): string {
    const line = `${verb} ${this.nameOf(name)}`
    this.meanwhile(line)
    this.requests.push(line)
    const fault = this.fault(line, this.requests.length)
    if (fault !== null) throw fault
    return this.nameOf(name)
  }

  #find(asked: string): string | null {
    const name = this.tags.get(asked) ?? asked
    return this.manifests.has(name) || this.#copies.has(asked) ? name : null
  }

  #makeTarget(): PruneTarget {
    const { name = 'registry.example/team/app', origin = 'https://registry.example', listing } = this.#options
    return {
      name,
      origin,
      provider: 'generic',
      reader: {
        tags: async () => {
          this.#ask('LIST', 'tags')
          const { hides = () => false } = this.#options
          return [...this.tags.keys()].filter((tag) => !hides(tag)).map((tag) => parseTag(tag, 'tag'))
        },
        manifest: async (key) => this.#manifest(key),
        config: async (config) => this.#config(config),
        blobSize: async (digest) => {
          this.#ask('SIZE', digest)
          return asBytes(1)
        },
        head: async (key) => {
          const found = this.#find(this.#ask('HEAD', key))
          return found === null ? null : digestOf(found)
        },
        exists: async (digest) => this.#find(this.nameOf(digest)) !== null,
        listReferrers: async (digest) => this.#referrers(digest),
        stored: async (digest) => ({ mediaType: OCI_IMAGE, bytes: Buffer.from(this.nameOf(digest)) }),
        hasBlob: async () => true,
      },
      vendor: {
        capabilities: {
          deletes: true,
          untag: 'unknown',
          listsUntagged: false,
          tagsFirst: false,
          referrersFirst: false,
          holds: 'digest',
          frees: 'later',
          deletesChildren: false,
          ...this.#options.capabilities,
        },
        ...(listing === undefined ? {} : { list: async () => listing() }),
        untag: (tag) => this.#outcome(() => this.#untag(tag)),
        deleteManifest: (digest) => this.#outcome(() => this.#delete(digest)),
        probeDeletes: async () => {
          this.#ask('PROBE', 'deletes')
          const { deletes = 'on' } = this.#options
          if (deletes === 'on' || deletes === 'unclear') return { kind: deletes }
          return { kind: deletes, error: failure(deletes === 'off' ? 'unsupported' : 'denied') }
        },
        putManifest: async (key, { bytes }) => this.#put(key, Buffer.from(bytes).toString()),
        freshTag: () => {
          this.#freshTags += 1
          return parseTag(`${PROBE_PREFIX}${this.#freshTags}`, 'tag')
        },
        preparePlaceholder: async () => {
          this.#ask('PREPARE', 'placeholder')
        },
        pushPlaceholder: async (tag, created) => {
          this.#ask('PUT', tag)
          this.#placeholders += 1
          const placeholder = `placeholder-${this.#placeholders}`
          if (tag.startsWith(PROBE_PREFIX)) this.#ours.add(placeholder)
          const made = image(placeholder, { annotatedDays: created === null ? 0 : (NOW - created) / DAY })
          const manifest = { ...made.manifest, artifactType: PLACEHOLDER_TYPE }
          this.push(placeholder, { ...made, manifest }, tag)
          return digestOf(placeholder)
        },
      },
    }
  }

  #manifest(key: Tag | Digest): ResolvedManifest {
    const found = this.#find(this.#ask('GET', key))
    const made = found === null ? undefined : (this.manifests.get(found) ?? this.#copies.get(String(key)))
    if (found === null || made === undefined) throw failure('not-found', `${this.nameOf(key)} does not exist`)
    return { digest: digestOf(found), size: asBytes(500), manifest: made.manifest }
  }

  #config(config: Descriptor) {
    for (const [name, { manifest, created }] of this.manifests) {
      if (manifest.kind !== 'image' || manifest.config.digest !== config.digest) continue
      this.#ask('CONFIG', digestOf(name))
      const platform = platformOf({ os: 'linux', architecture: 'amd64' })
      return { platform, created, history: [], labels: new Map<string, string>() }
    }
    throw failure('not-found', 'no such config')
  }

  #referrers(digest: Digest): Digest[] | null {
    if (this.#options.referrersApi !== true) return null
    this.#ask('REFERRERS', digest)
    return this.#referrersOf(digest)
  }

  #referrersOf(digest: Digest): Digest[] {
    return [...this.manifests].flatMap(([name, { manifest }]) =>
      'subject' in manifest && manifest.subject?.digest === digest ? [digestOf(name)] : [],
    )
  }

  async #outcome(act: () => DeleteOutcome): Promise<DeleteOutcome> {
    try {
      return this.spoil(act())
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return { kind: error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed', error }
    }
  }

  #put(key: Tag | Digest, name: string): void {
    const asked = this.#ask('PUT', key)
    const made = this.#everPushed.get(name)
    if (made === undefined) throw failure('protocol', `${name} was never pushed`)
    this.manifests.set(name, made)
    if (isDigest(key)) this.#byDigest.add(name)
    else this.tags.set(asked, name)
  }

  #untag(tag: Tag): DeleteOutcome {
    this.#ask('UNTAG', tag)
    const answer = this.answer(`UNTAG ${tag}`)
    if (answer !== null) return answer
    const { untag = 'yes' } = this.#options
    if (untag === 'unsupported')
      return { kind: 'unsupported', error: failure('unsupported', 'no tag deletes here') }
    const name = this.tags.get(tag)
    if (name === undefined) return { kind: 'gone', error: null }
    if (this.#options.quirk === 'does-nothing') return { kind: 'done', error: null }
    if (untag === 'takes-siblings') this.#remove(name)
    else this.tags.delete(tag)
    this.#copies.delete(tag)
    const { quirk } = this.#options
    const isTagged = [...this.tags.values()].includes(name)
    const isHeld = isTagged || (quirk === 'by-name' && this.#byDigest.has(name))
    if ((quirk === 'by-name' || quirk === 'last-tag') && !isHeld) this.manifests.delete(name)
    return { kind: 'done', error: null }
  }

  #delete(digest: Digest): DeleteOutcome {
    const name = this.#ask('DELETE', digest)
    if (!isDigest(digest)) throw new Error(`${name} is no digest`)
    const answer = this.answer(`DELETE ${name}`)
    if (answer !== null) return answer
    if (!this.manifests.has(name)) return { kind: 'gone', error: null }
    return this.#deleteAs(name)
  }

  #deleteAs(name: string): DeleteOutcome {
    const { quirk } = this.#options
    const tags = [...this.tags].filter(([, target]) => target === name)
    const isSubject = this.#everPushed.size > 0 && this.#referrersOf(digestOf(name)).length > 0
    if ((quirk === 'tag-by-tag' && tags.length > 1) || (quirk === 'referrers-first' && isSubject))
      return { kind: 'referenced', error: failure('protocol', 'something else needs it') }
    if (quirk === 'does-nothing') return { kind: 'done', error: null }
    const made = this.manifests.get(name)
    if (quirk === 'cascades' && made?.manifest.kind === 'index')
      for (const child of made.manifest.manifests) this.#remove(this.nameOf(child.digest))
    if (quirk === 'keeps-tags' && made !== undefined) {
      this.manifests.delete(name)
      for (const [tag] of tags) this.#copies.set(tag, made)
    } else this.#remove(name)
    return { kind: 'done', error: null }
  }

  #remove(name: string): void {
    this.manifests.delete(name)
    for (const [tag, target] of this.tags) if (target === name) this.tags.delete(tag)
  }
}

export function failure(kind: ErrorKind, message = `simulated ${kind}`): WardenError {
  return new WardenError(kind, message)
}
