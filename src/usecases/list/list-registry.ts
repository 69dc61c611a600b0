import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Check } from '../../domain/list/check.ts'
import { isAvailable } from '../../domain/list/check.ts'
import { judgeGrants, judgeProbe, settleAnonymous } from '../../domain/list/judge-probe.ts'
import { listResult } from '../../domain/list/report.ts'
import type { ListReport, ListedRepository } from '../../domain/list/report.ts'
import { splitIntoShards } from '../../domain/list/shards.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
import type { RepositoryGlob } from '../../domain/names/repository-glob.ts'
import type { Log, RegistrySource } from '../../domain/ports.ts'
import { selectTags } from '../../domain/size/selection.ts'
import type { TagFilter } from '../../domain/size/selection.ts'
import { findRepositories } from './find-repositories.ts'
import type { FoundRepository } from './find-repositories.ts'

export interface ListRequest {
  /** what `image` names; never empty: nothing named is the pattern `*` over `registry` */
  readonly choices: readonly (
    | { readonly kind: 'one'; readonly repository: Repository }
    | { readonly kind: 'glob'; readonly glob: RepositoryGlob }
  )[]
  readonly tags: TagFilter
  readonly shards: number
  /** whether the certificate of a registry is not checked */
  readonly isInsecure: (registry: Registry) => boolean
}

export interface ListDeps extends Pick<RegistrySource, 'open' | 'catalog' | 'probe' | 'grants'> {
  readonly log: Pick<Log, 'info' | 'debug'>
  readonly concurrency: number
  readonly timeIsUp: () => boolean
}

/**
 * Looks at each registry, lists repositories and tags. A registry or repository that fails stops no other:
 * what is wrong with it is part of the report.
 */
export async function listRegistry(request: ListRequest, deps: ListDeps): Promise<ListReport> {
  const registries = registriesOf(request)
  const probed = await Promise.all(
    registries.map(async (registry) => {
      const probe = await deps.probe(registry)
      return { registry, checks: judgeProbe(probe, { insecure: request.isInsecure(registry) }) }
    }),
  )
  const alive = new Set(
    probed.filter(({ checks }) => isAvailable(checks)).map(({ registry: { origin } }) => origin),
  )
  const choices = request.choices.filter((choice) => alive.has(registryOf(choice).origin))
  const { found, checks: catalogChecks } = await findRepositories(choices, deps.catalog)
  const read = await readTags(found, request.tags, deps)
  const checks: Check[] = []
  for (const { registry, checks: own } of probed) {
    const readable = read.find(
      ({ repository, listed }) => repository.registry.origin === registry.origin && listed.tags !== null,
    )
    const settled = own.map((check) => settleAnonymous(check, registry.host, readable !== undefined))
    checks.push(...settled)
    if (readable !== undefined) checks.push(await permissions(readable.repository, deps))
  }
  checks.push(...catalogChecks)
  const repositories = read.map(({ listed }) => listed)
  return {
    available: isAvailable(checks),
    checks,
    repositories,
    shards: splitIntoShards(
      repositories.map(({ repository, tags }) => ({ repository, weight: tags?.length ?? 0 })),
      request.shards,
    ),
    result: listResult(checks, repositories),
  }
}

function registryOf(choice: ListRequest['choices'][number]): Registry {
  return choice.kind === 'one' ? choice.repository.registry : choice.glob.registry
}

function registriesOf({ choices }: ListRequest): Registry[] {
  return [...new Map(choices.map((choice) => [registryOf(choice).origin, registryOf(choice)])).values()]
}

async function permissions(repository: Repository, { grants }: ListDeps): Promise<Check> {
  return judgeGrants(repository.registry.host, repository.path, await grants(repository))
}

interface ReadRepository {
  readonly repository: Repository
  readonly listed: ListedRepository
}

async function readTags(
  found: readonly FoundRepository[],
  filter: TagFilter,
  { open, concurrency, timeIsUp, log }: ListDeps,
): Promise<ReadRepository[]> {
  let done = 0
  return pMap(found, one, { concurrency })

  async function one({ repository, isNamed }: FoundRepository): Promise<ReadRepository> {
    const name = formatRepository(repository)
    const listed = await listOne(repository, name, isNamed)
    done += 1
    if (done % PROGRESS === 0) log.info(`${done} of ${found.length} repositories listed`)
    return { repository, listed }
  }

  async function listOne(repository: Repository, name: string, isNamed: boolean): Promise<ListedRepository> {
    if (timeIsUp()) return { repository: name, tags: null, problem: null }
    try {
      const tags = selectTags(await open(repository).tags(), filter)
      return { repository: name, tags, problem: null }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      // registries forget an emptied repository, and go on naming it in their catalog
      if (error.kind === 'not-found-repository' && !isNamed)
        return { repository: name, tags: [], problem: null }
      return { repository: name, tags: null, problem: timeIsUp() ? null : error.line }
    }
  }
}

const PROGRESS = 100
