import { WardenError } from '../../domain/errors.ts'
import { createMasker } from '../../credentials/masking.ts'
import type { AwsEnvironment } from '../../credentials/aws.ts'
import type { Keychain } from '../../credentials/credential.ts'
import type { DeleteProbe, VendorListing, VendorPort } from '../../domain/prune/ports.ts'
import type { MaskSecret } from '../../domain/ports.ts'
import { ecr } from '../../domain/vendors/ecr.ts'
import { parseEcrImages, parseEcrLogin, parseEcrRepositories } from '../../wire/vendors/ecr.ts'
import type { EcrImage } from '../../wire/vendors/ecr.ts'
import type { CatalogContext, VendorContext } from './context.ts'
import { openDistribution, NOTHING, withAdvice } from './distribution.ts'
import { createAskEcr, ecrPlace, readEcrPages } from './ecr-api.ts'
import type { AskEcr, EcrApiParts } from './ecr-api.ts'
import { createEcrBatch } from './ecr-batch.ts'
import { NOTHING_TOLD, observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'

/**
 * Amazon ECR, by its own API where AWS keys are in the environment: push and pull times, what has no tag,
 * deletes in batches. Without them, and for `public.ecr.aws`, a plain registry.
 */
export function openEcr(context: VendorContext): VendorPort {
  const ask = askOf(context, context.repository.registry, context.apiUrl)
  return ask === null ? openPlain(context) : openByApi(context, ask)
}

function openByApi({ client, name, repository, sleep }: VendorContext, ask: AskEcr): VendorPort {
  const repositoryName = repository.path
  const remove = createEcrBatch(ask, repositoryName)
  const list = (draft: ListingDraft) =>
    readEcrPages(ask, 'DescribeImages', { repositoryName }, parseEcrImages, ({ entries, dropped }) => {
      for (const image of entries) take(image, draft)
      draft.drop(dropped)
    })
  return {
    ...openDistribution(client),
    capabilities: { ...ecr.capabilities, untag: 'yes', listsUntagged: true },
    list: () => readListing(list, { what: `images of ${name}`, listsUntagged: true }),
    untag: (imageTag) => remove({ imageTag }),
    deleteManifest: (imageDigest) => remove({ imageDigest }),
    probeDeletes: async (): Promise<DeleteProbe> => {
      for (const wait of [...PROBE_WAITS, null]) {
        const outcome = await remove({ imageDigest: NOTHING })
        if (outcome.error === null) return { kind: 'on' }
        // nothing can have happened: there is nothing to look at before the next try
        if (outcome.kind === 'again' && wait !== null) await sleep(wait).catch(() => undefined)
        else return { kind: outcome.kind === 'denied' ? 'denied' : 'failed', error: outcome.error }
      }
      throw new Error('the last try ends with an answer')
    },
  }
}

/** While ECR slows callers down. */
const PROBE_WAITS = [1_000, 2_000, 4_000, 8_000, 15_000]

const OWN_API =
  'ECR deletes images through its own API, and prune knows that of private registries: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; for public.ecr.aws use aws ecr-public batch-delete-image'

/** For the registry only: what people log in to it with signs no requests. */
function openPlain({ client, name, log, aws }: VendorContext): VendorPort {
  const plain = openDistribution(client, ecr.capabilities)
  let told = false
  return {
    ...plain,
    list: (): Promise<VendorListing> => {
      if (!told) log.notice(`${name}: ${plainNotice(aws)}`)
      told = true
      return Promise.resolve(NOTHING_TOLD)
    },
    // a bare 404 is also how it said that it has no deletions at all [aws/containers-roadmap 1229]
    probeDeletes: async () => {
      const probe = await plain.probeDeletes()
      if (probe.kind === 'off') return { kind: 'off', error: withAdvice(probe.error, OWN_API) }
      return probe.kind === 'on' ? { kind: 'unclear' } : probe
    },
  }
}

function plainNotice(aws: AwsEnvironment): string {
  const effect = 'build dates count, since ECR reports push times to signed requests only'
  if (aws.kind === 'half') return `${aws.given} is set, but ${aws.missing} is not; ${effect}`
  if (aws.kind === 'keys') return `this registry has no API for these keys; ${effect}`
  return `${effect}; run aws-actions/configure-aws-credentials before this step (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)`
}

function take({ digest, tags, pushed, pulled }: EcrImage, draft: ListingDraft): void {
  const ages = observations({ pushed, pulled })
  draft.manifests.set(digest, { ages, locked: null })
  if (tags.length === 0) draft.untagged.add(digest)
  // a tag that was put on an image that is there already keeps its push time: the image's is what is known
  for (const tag of tags) draft.tags.set(tag, { digest, ages, locked: null })
}

/** Every repository of the account; the distribution API of ECR has no catalog. */
export async function listEcrRepositories(context: CatalogContext): Promise<readonly string[]> {
  const ask = askOf(context, context.registry, context.apiUrl)
  if (ask === null) return context.catalog()
  const names: string[] = []
  let unread = 0
  await readEcrPages(ask, 'DescribeRepositories', {}, parseEcrRepositories, ({ entries, dropped }) => {
    names.push(...entries)
    unread += dropped
  })
  if (unread === 0) return names
  throw new WardenError('protocol', `DescribeRepositories: ${unread} entries could not be read`)
}

export interface EcrLoginParts extends EcrApiParts {
  readonly keychain: Keychain
  readonly aws: AwsEnvironment
  readonly apiUrl: URL | null
  readonly mask: MaskSecret
}

/**
 * A keychain that also knows private ECR registries: where nothing else has a login for one, AWS keys get
 * one, once for each registry (it lasts twelve hours).
 */
export function withEcrLogin(parts: EcrLoginParts): Keychain {
  const { keychain, mask } = parts
  const remember = createMasker(mask)
  const logins = new Map<string, ReturnType<Keychain>>()
  return async (target) => {
    const credential = await keychain(target)
    const { registry } = target
    if (credential.kind !== 'anonymous' || registry.provider !== 'ecr') return credential
    const ask = askOf(parts, registry, parts.apiUrl)
    if (ask === null) return credential
    const login = logins.get(registry.origin) ?? logIn(ask)
    logins.set(registry.origin, login)
    return login
  }

  async function logIn(ask: AskEcr): ReturnType<Keychain> {
    const { username, password } = parseEcrLogin(await ask('GetAuthorizationToken', {}))
    remember(password)
    return { kind: 'basic', username, password, source: 'the AWS keys in the environment' }
  }
}

function askOf(
  parts: EcrApiParts & { readonly aws: AwsEnvironment },
  registry: VendorContext['registry'],
  apiUrl: URL | null,
): AskEcr | null {
  const { aws } = parts
  if (aws.kind !== 'keys') return null
  const place = ecrPlace(registry, apiUrl, aws.keys)
  return place === null ? null : createAskEcr(place, aws.keys, parts)
}
