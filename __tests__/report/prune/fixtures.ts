import { tagOutcomes, manifestOutcomes, tallyTags } from '../../../src/usecases/prune/outcomes.ts'
import { detectProvider } from '../../../src/domain/vendors/vendors.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import type { Tag } from '../../../src/domain/names/tag.ts'
import type { Decider, ManifestDecision, TagDecision } from '../../../src/domain/prune/decision.ts'
import type { ItemStatus, PruneReport, RepositoryOutcome } from '../../../src/domain/prune/outcome.ts'
import { fact, inputRule } from '../../../src/domain/prune/rule.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import { asBytes, sumBytes } from '../../../src/domain/quantities/bytes.ts'
import { NOW, artifact, image, index, repository } from '../../domain/prune/repository-dsl.ts'
import type { Content } from '../../domain/prune/repository-dsl.ts'
import { MIB, RUN_URL } from '../fixtures.ts'
import { renderPruneSummary } from '../../../src/report/prune/summary.ts'
import type { PruneSummaryOptions } from '../../../src/report/prune/summary.ts'

export { NOW } from '../../domain/prune/repository-dsl.ts'

interface Result {
  readonly status: Exclude<ItemStatus, 'planned'>
  readonly note: string | null
}

export interface Happening {
  readonly name?: string
  /** what becomes of a tag that is to go; undefined: not reached */
  readonly tagResult?: (tag: TagDecision, position: number) => Result | undefined
  readonly changes?: Partial<RepositoryOutcome>
}

const DONE: Result = { status: 'done', note: null }

/**
 * Plans as the action does, and says what became of it as the action does, so that fixtures cannot contradict
 * themselves.
 */
export function planned(content: Content, policy: PrunePolicy, happening: Happening = {}): RepositoryOutcome {
  return outcome(content, policy, { ...happening, tagResult: () => undefined }, true)
}

/** The same after a run: everything went, unless told otherwise; a manifest goes as its tags do. */
export function executed(
  content: Content,
  policy: PrunePolicy,
  happening: Happening = {},
): RepositoryOutcome {
  return outcome(content, policy, happening, false)
}

function outcome(
  content: Content,
  policy: PrunePolicy,
  { name = 'ghcr.io/acme/api', tagResult = () => DONE, changes = {} }: Happening,
  dryRun: boolean,
): RepositoryOutcome {
  const plan = planPrune(repository(content), policy, NOW)
  const tags = new Map<Tag, Result>()
  const manifests = new Map<Digest, Result>()
  let position = 0
  for (const tag of plan.tags) {
    if (tag.decision !== 'delete' && tag.decision !== 'untag') continue
    const result = tagResult(tag, position)
    position += 1
    if (result === undefined) continue
    tags.set(tag.tag, result)
    if (tag.decision === 'delete' && tag.digest !== null) manifests.set(tag.digest, result)
  }
  for (const manifest of plan.manifests) settle(manifest, manifests, dryRun)
  const outcomes = tagOutcomes(plan, { tags, manifests })
  const refused = plan.refusals.length > 0
  return {
    repository: name,
    state: refused ? 'refused' : dryRun ? 'planned' : 'done',
    tags: outcomes,
    manifests: manifestOutcomes(plan, { tags, manifests }),
    tally: tallyTags(outcomes, dryRun),
    refusals: plan.refusals,
    warnings: plan.warnings,
    problems: [],
    broken: dryRun || refused ? null : [],
    reclaimedBytes: refused && !dryRun ? asBytes(0) : plan.reclaimedBytes,
    reclaimsMore: plan.reclaimsMore,
    ...changes,
  }
}

function settle({ digest, decision }: ManifestDecision, results: Map<Digest, Result>, dryRun: boolean): void {
  if (!dryRun && decision === 'delete' && !results.has(digest)) results.set(digest, DONE)
}

export function pruneReport(
  repositories: readonly RepositoryOutcome[],
  changes: Partial<PruneReport> = {},
): PruneReport {
  const states = new Set(repositories.map(({ state }) => state))
  const wrong = states.has('failed') || states.has('refused')
  return {
    dryRun: states.has('planned'),
    repositories,
    reclaimedBytes: sumBytes(repositories.map(({ reclaimedBytes }) => reclaimedBytes)),
    reclaimsMore: repositories.some(({ reclaimsMore }) => reclaimsMore),
    verdict: wrong ? 'fail' : states.has('partial') ? 'partial' : 'pass',
    ...changes,
  }
}

export function drawPrune(report: PruneReport, options: Partial<PruneSummaryOptions> = {}): string {
  const providerOf = (repository: string) => detectProvider(repository.split('/', 1)[0] ?? '')
  const given = { units: 'iec', now: NOW, runUrl: RUN_URL, providerOf, ...options } as const
  const summary = renderPruneSummary(report, given)
  return summary.replaceAll('\u00A0', ' ')
}

/**
 * A service's images: a base that all share, dependencies that some share, an application of its own each.
 */
export function service(app: string, deps = '1', megabytes = 18): ReturnType<typeof image> {
  return image({
    blobs: {
      [`config ${app}`]: 7_321,
      base: 28_231_544,
      node: 41_977_013,
      [`deps ${deps}`]: 64_118_220,
      [`app ${app}`]: Math.round(megabytes * MIB + app.length * 31_337),
    },
  })
}

/**
 * Tags of multi-arch images, each with an attestation and a signature, by name and age; `name-amd64` is a
 * platform image.
 */
export function multiArch(tags: readonly (readonly [name: string, age: string])[]): Content {
  const manifests: Record<string, ReturnType<typeof image>> = {}
  const pointers: Record<string, string> = {}
  for (const [name, age] of tags) {
    manifests[`${name}-amd64`] = service(`${name} amd64`)
    manifests[`${name}-arm64`] = service(`${name} arm64`, '2', 17)
    manifests[`${name}-attestation`] = image({ blobs: { [`provenance ${name}`]: 4_812 } })
    manifests[`${name}-index`] = index([`${name}-amd64`, `${name}-arm64`, `${name}-attestation`])
    manifests[`${name}-signature`] = artifact(`${name}-index`, { blobs: { [`signature ${name}`]: 812 } })
    pointers[name] = `${name}-index ${age}`
  }
  return { tags: pointers, manifests }
}

/** A report as a registry would have it that answers whatever it likes: no name keeps to its grammar. */
export function withForeignText(report: PruneReport, text: (place: number) => string): PruneReport {
  let place = 0
  const next = (): string => text(place++)
  const cause = (item: { readonly decidedBy: Decider; readonly note: string | null }) => {
    return { decidedBy: foreignDecider(item.decidedBy, next), note: item.note === null ? null : next() }
  }
  const repositories = report.repositories.map((repository) =>
    Object.assign({}, repository, {
      repository: next(),
      tags: repository.tags.map((tag) => Object.assign({}, tag, { tag: next(), digest: next() }, cause(tag))),
      manifests: repository.manifests.map((manifest) =>
        Object.assign({}, manifest, { digest: next() }, cause(manifest)),
      ),
      refusals: repository.refusals.map((refusal) => Object.assign({}, refusal, { message: next() })),
      warnings: [...repository.warnings, NO_RELEASE].map((warning) =>
        Object.assign({}, warning, { subject: next(), message: next() }),
      ),
      problems: repository.problems.map(() => next()),
      broken: repository.broken?.map(() => next()) ?? null,
    }),
  )
  return Object.assign({}, report, { repositories })
}

function foreignDecider(decidedBy: Decider, next: () => string): object {
  if ('tag' in decidedBy) return { tag: next() }
  if ('digest' in decidedBy) return { digest: next() }
  const { rule } = decidedBy
  if (rule.kind === 'fact') return { rule: fact(next()) }
  return { rule: rule.kind === 'input' ? inputRule(next(), next()) : { ...rule, pattern: next() } }
}

const NO_RELEASE = { kind: 'no-release', subject: '', message: '' } as const
