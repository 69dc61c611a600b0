import type { Credential } from '../../credentials/credential.ts'
import { WardenError } from '../../domain/errors.ts'
import type { Tag } from '../../domain/names/tag.ts'
import {
  parseGitLabRepositories,
  parseGitLabTagDate,
  parseGitLabTagNames,
} from '../../wire/vendors/gitlab.ts'
import { apiBase, createVendorApi, readVendorList, segment, withPage } from './api.ts'
import type { AskVendor } from './api.ts'
import type { VendorContext } from './context.ts'
import { vendorFailure } from './failures.ts'
import { observations } from './listing.ts'
import type { ListingDraft } from './listing.ts'
import { parsePaths } from '../../wire/vendors/repositories.ts'
import type { CatalogContext } from './context.ts'
import { ownerOf, readNames } from './repositories.ts'

const GRANT = 'GitLab needs a personal, group or project access token with read_api as password'
/** One request for each tag: what is beyond stays of unknown age, and so stays. */
const MAX_DATED = 1000
/** An image may lie up to two levels below its project. */
const MAX_LEVELS = 2

/**
 * Reads dates of tags from GitLab's REST API. They are the builds' dates, which GitLab reads out of the
 * images' configs, not those of the pushes.
 */
export async function listByRest(context: VendorContext, base: URL, draft: ListingDraft): Promise<void> {
  const { repository, name, log } = context
  const ask = createVendorApi({
    send: context.send,
    base: apiBase(base, base.origin, '/api/v4'),
    authorization: async () => tokenOf(await context.keychain(repository)),
  })
  const tagsPath = await findRepository(ask, context)
  const tags: Tag[] = []
  await readVendorList(ask, {
    question: { path: tagsPath, query: 'per_page=100', purpose: `tags of ${name} at GitLab's API` },
    size: 100,
    read: parseGitLabTagNames,
    key: (tag) => tag,
    take: (entries, dropped) => {
      tags.push(...entries)
      draft.drop(dropped)
    },
    following: (page) => withPage('per_page=100', page),
    advice: GRANT,
  })
  if (tags.length > MAX_DATED) {
    log.notice(
      `${name}: GitLab reports dates one by one, so only ${MAX_DATED} of ${tags.length} tags get one`,
    )
  }
  await Promise.all(
    tags.slice(0, MAX_DATED).map((tag) => readDate(ask, `${tagsPath}/${segment(tag)}`, tag, draft)),
  )
}

async function readDate(ask: AskVendor, path: string, tag: Tag, draft: ListingDraft): Promise<void> {
  const exchange = await ask({ path, purpose: `date of the tag ${tag} at GitLab's API` })
  if (exchange.response.status === 404) return
  if (exchange.response.status !== 200) throw vendorFailure(exchange, GRANT)
  const { digest, created_at: built } = parseGitLabTagDate(exchange.response.body)
  draft.tags.set(tag, { digest, ages: observations({ config: built }), locked: null })
}

/** The address of the tags of the repository; nothing in a path tells where the project's name ends. */
async function findRepository(ask: AskVendor, { repository, name }: VendorContext): Promise<string> {
  const parts = repository.path.split('/')
  for (let length = parts.length; length >= Math.max(2, parts.length - MAX_LEVELS); length -= 1) {
    const project = `projects/${segment(parts.slice(0, length).join('/'))}/registry/repositories`
    const id = await repositoryId(ask, project, repository.path, name)
    if (id !== null) return `${project}/${id}/tags`
  }
  throw new WardenError('not-found', `${name}: GitLab's API knows no project with this registry repository`, {
    advice: GRANT,
  })
}

async function repositoryId(
  ask: AskVendor,
  path: string,
  wanted: string,
  name: string,
): Promise<number | null> {
  let id: number | null = null
  try {
    await readVendorList(ask, {
      question: { path, query: 'per_page=100', purpose: `registry repositories of ${name} at GitLab's API` },
      size: 100,
      read: parseGitLabRepositories,
      key: (entry) => entry.path,
      take: (entries) => {
        id ??= entries.find((entry) => entry.path === wanted)?.id ?? null
        return id === null ? undefined : 'stop'
      },
      following: (page) => withPage('per_page=100', page),
      advice: GRANT,
    })
  } catch (error) {
    if (error instanceof WardenError && error.kind === 'not-found') return null
    throw error
  }
  return id
}

/**
 * Access tokens are taken as OAuth's are; deploy tokens and passwords are for the registry only, and are
 * refused.
 */
function tokenOf(credential: Credential): string | null {
  return credential.kind === 'basic' ? `Bearer ${credential.password}` : null
}

/** Every registry repository of a group with its projects, or of one user's or project's. */
export async function listGitLabRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { send, apiUrl, registry, target, keychain } = context
  const owner = ownerOf(context)
  const base = apiUrl ?? (registry.host === 'registry.gitlab.com' ? new URL('https://gitlab.com') : null)
  if (base === null) {
    throw new WardenError('unsupported', `${registry.host} shows no catalog; GitLab's API does`, {
      advice: 'Set provider-api-url to its base, such as https://gitlab.example/api/v4',
    })
  }
  const ask = createVendorApi({
    send,
    base: apiBase(base, base.origin, '/api/v4'),
    authorization: async () => tokenOf(await keychain(target)),
  })
  const query = 'per_page=100'
  return readNames(ask, {
    question: {
      path: `groups/${segment(owner)}/registry/repositories`,
      query,
      purpose: `registry repositories of the group ${owner} at GitLab`,
    },
    size: 100,
    read: parsePaths,
    following: (page) => withPage(query, page),
    advice: GRANT,
  })
}
