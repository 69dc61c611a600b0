import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { PruneReport, RepositoryState } from '../../domain/prune/outcome.ts'
import { countCompanions, figuresOf } from './status.ts'
import type { Companions, Figures } from './status.ts'
import { KINDS, problemLine, problemsOf } from './problems.ts'
import { ICONS } from '../verdict.ts'
import { placed } from '../placed.ts'
import { sweepLine, sweepWords } from './sweep.ts'
import { plural } from '../markdown/words.ts'

/**
 * The verdict in a few words of our own, nothing foreign in it: "✅ would delete 12 and untag 2 of 40 tags ·
 * frees 1.2 GiB".
 */
export function pruneHeadline(report: PruneReport, units: Units): string {
  const figures = figuresOf(report.repositories, report)
  const words = [
    ...problems(report, figures),
    ...deletionWords(report, figures),
    ...(figures.pending === 0 ? [] : [`${figures.pending} not reached`]),
    ...(figures.skipped === 0 ? [] : [`${figures.skipped} skipped`]),
    ...sweepWords(report),
    ...freed(report, units),
  ]
  return `${ICONS[report.verdict]} ${words.join(' · ')}`
}

/**
 * The one line that a failed step ends with: the verdict, and of what is wrong the first with where it is and
 * what to do.
 */
export function pruneFailure(report: PruneReport, units: Units): string {
  const all = KINDS.flatMap((kind) => problemsOf(report, kind))
  const [first] = all
  const headline = pruneHeadline(report, units)
  if (first === undefined)
    return report.garbage === undefined
      ? headline
      : `${headline}. garbage-collect: ${sweepLine(report.garbage, units)}`
  const others = all.length === 1 ? '' : ` (and ${all.length - 1} more, see the job summary)`
  return `${headline}. ${placed(first.repository, problemLine(first))}${others}`
}

function problems({ repositories, dryRun, verdict }: PruneReport, { broken, failed }: Figures): string[] {
  const refused = repositories.filter(({ state }) => state === 'refused').length
  const wrong = repositories.filter(({ state }) => state === 'failed').length
  const some = (count: number): string =>
    repositories.length === 1 ? '' : `${count} of ${repositories.length} `
  return [
    ...(broken === 0 ? [] : [`${broken} broken afterwards`]),
    ...(refused === 0 ? [] : [`${some(refused)}${dryRun ? 'would be refused' : 'refused'}`]),
    ...(failed === 0 ? [] : [`${plural(failed, 'tag')} failed`]),
    ...(wrong === 0 || failed + broken > 0 ? [] : [`${some(wrong)}failed`]),
    ...(verdict === 'partial' ? ['partial'] : []),
  ]
}

/** What was deleted, or would be: "deleted 12 and untagged 2 of 40 tags". */
export function deletionWords(
  report: PruneReport,
  { deleted, untagged, companions, heldBack, tags, ...others }: Figures,
): string[] {
  const { repositories, dryRun } = report
  const conditional = dryRun ? 'would ' : ''
  const past = dryRun ? '' : 'd'
  const verbs = [
    ...(deleted === 0 ? [] : [`delete${past} ${deleted}`]),
    ...(untagged === 0 ? [] : [`untag${dryRun ? '' : 'ged'} ${untagged}`]),
  ]
  const where = repositories.length > 1 ? ` in ${plural(repositories.length, 'repository')}` : ''
  const of = `of ${plural(tags, 'tag')}${where}`
  const along = companionWords(companions)
  if (verbs.length > 0) return [`${conditional}${series([`${verbs.join(' and ')} ${of}`, ...along])}`]
  if (along.length > 0) return [`${conditional}delete${past} ${series(along)}${where}`]
  if (others.refused > 0) return [`${others.refused} ${of} would go, none did`]
  const unmoved = countCompanions(heldBack)
  if (unmoved > 0 && repositories.every(({ state }) => state === 'refused'))
    return [`${series(companionWords(heldBack))} would go, none did`]
  if (others.failed + others.pending + unmoved > 0) return [`nothing deleted ${of}`]
  // what could not even be read may hold anything
  if (tags === 0 && repositories.some(({ state }) => UNFINISHED.has(state))) return ['nothing deleted']
  const why = report.nothingConsidered === true ? ['no tag matches the input tags'] : []
  return [`nothing to delete${where}`, ...why, `${plural(others.kept, 'tag')} kept`]
}

/** What no number of tags counts: "2 signature tags", "11 untagged manifests". */
function companionWords({ signatureTags, referrersTags, manifests }: Companions): string[] {
  return [
    ...(signatureTags === 0 ? [] : [plural(signatureTags, 'signature tag')]),
    ...(referrersTags === 0 ? [] : [plural(referrersTags, 'referrers tag')]),
    ...(manifests === 0 ? [] : [plural(manifests, 'untagged manifest')]),
  ]
}

/** `a, b and c`. */
function series(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ')
}

const UNFINISHED: ReadonlySet<RepositoryState> = new Set(['failed', 'partial', 'refused'])

/** What it frees, once the registry has collected its garbage. */
function freed({ reclaimedBytes, reclaimsMore }: PruneReport, units: Units): string[] {
  if (reclaimedBytes === 0 && !reclaimsMore) return []
  return [`frees ${reclaimsMore ? 'more than ' : ''}${formatBytes(reclaimedBytes, units)}`]
}
