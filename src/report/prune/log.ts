import type {
  ManifestOutcome,
  PruneReport,
  RepositoryOutcome,
  TagOutcome,
} from '../../domain/prune/outcome.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { formatAge } from '../../domain/quantities/duration.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { circumstancesOf, statusLabel, untaggedManifests } from './status.ts'
import type { StatusLabel } from './status.ts'
import { pruneHeadline } from './headline.ts'
import { noteOf, reasonCounts, reasonText } from './reason.ts'
import { tagRows } from './rows.ts'
import type { TagRow } from './rows.ts'
import { damageLine, finalWords, sweepLine } from './sweep.ts'
import { problemLine, problemsOf } from './problems.ts'
import type { ProblemKind } from './problems.ts'
import { plural } from '../markdown/words.ts'

const NAME_LENGTH = 300
/** Of a text that somebody else wrote, and of the line around it. */
const TEXT_LENGTH = 500
const LINE_LENGTH = 1500
/** Lines about a damaged storage folder. */
const MOST_DAMAGE = 200

export interface PruneLogOptions {
  readonly units: Units
  readonly now: Timestamp
}

/**
 * The result for the log: everything that goes or went, with the facts that the summary has; the rest in
 * numbers; then the verdict. Whole digests are in the `json` output and the plan file.
 */
export function pruneLog(report: PruneReport, options: PruneLogOptions): string[] {
  const title = report.dryRun ? 'Prune, dry run' : 'Prune'
  return [
    ...(report.warnings ?? []).map(({ message }) => sanitiseLine(`worth a look: ${message}`, LINE_LENGTH)),
    ...report.repositories.flatMap((repository) => repositoryLines(repository, report, options)),
    ...sweepLines(report, options.units),
    `${title}: ${pruneHeadline(report, options.units)}`,
  ]
}

function sweepLines(report: PruneReport, units: Units): string[] {
  const { garbage } = report
  if (garbage === undefined) return []
  const damage = garbage.damage.map((each) => `  left alone: ${damageLine(each)}`)
  return [
    `garbage collection: ${sweepLine(garbage, units)}${finalWords(report)}`,
    ...damage.slice(0, MOST_DAMAGE),
  ]
}

function repositoryLines(
  repository: RepositoryOutcome,
  report: PruneReport,
  options: PruneLogOptions,
): string[] {
  const { going, kept, subjectTags } = tagRows(repository, report)
  const circumstances = circumstancesOf(repository, report)
  const leaving = subjectTags.filter(({ label }) => label !== 'kept')
  const manifests = untaggedManifests(repository)
    .map((manifest) => ({ manifest, label: statusLabel(manifest, circumstances) }))
    .filter(({ label }) => label !== 'kept')
  const stay = `${plural(kept.length, 'tag')} kept`
  const why = reasonCounts(kept.map(({ tag }) => tag))
  return [
    sanitiseLine(repository.repository, NAME_LENGTH),
    ...[
      ...[...going, ...leaving].map((row) => tagLine(row, options)),
      ...manifests.map(({ manifest, label }) => manifestLine(manifest, label)),
      ...(isUnplanned(repository) ? [] : [why === '' ? stay : `${stay}: ${why}`]),
      ...problemLines(repository),
    ].map((text) => `  ${sanitiseLine(text, LINE_LENGTH)}`),
  ]
}

/** Nothing is known of its tags, which is not to say that none is kept. */
function isUnplanned({ tags, problems }: RepositoryOutcome): boolean {
  return tags.length === 0 && problems.length > 0
}

function problemLines(repository: RepositoryOutcome): string[] {
  const alone = { repositories: [repository] }
  return [
    ...repository.warnings.map(({ message }) => `worth a look: ${message}`),
    ...PROBLEMS.flatMap(([kind, words]) =>
      problemsOf(alone, kind).map((problem) => `${words}: ${problemLine(problem)}`),
    ),
  ]
}

const PROBLEMS: readonly (readonly [ProblemKind, string])[] = [
  ['refused', 'refused'],
  ['stopped', 'stopped early'],
  ['wrong', 'went wrong'],
  ['broken', 'broken afterwards'],
]

const VERBS: Readonly<Record<StatusLabel, string>> = {
  kept: 'keep',
  skipped: 'skip',
  failed: 'failed to remove',
  'to delete': 'would delete',
  'to untag': 'would untag',
  'not reached': 'did not reach',
  refused: 'refused to remove',
  deleted: 'deleted',
  untagged: 'untagged',
  'already gone': 'already gone:',
}

/**
 * Removing only a tag must never read as if its image went: `would untag drop (…): its digest stays, also
 * keep`.
 */
function tagLine({ tag, label }: TagRow, options: PruneLogOptions): string {
  const name = sanitiseLine(tag.tag, NAME_LENGTH)
  const said = `${VERBS[label]} ${name}`
  if (tag.decision === 'untag' && label !== 'failed') {
    const doubt = tag.note === null ? '' : `; ${sanitiseLine(tag.note, TEXT_LENGTH)}`
    return `${said} (${facts(tag, options)}): its digest stays, ${holderOf(tag)}${doubt}`
  }
  return `${said} (${facts(tag, options)}): ${whyText(tag)}`
}

/** What the digest stays for. */
function holderOf({ reason, decidedBy, ...rest }: TagOutcome): string {
  return reason === 'shared-digest' && 'tag' in decidedBy
    ? `also ${sanitiseLine(decidedBy.tag, NAME_LENGTH)}`
    : reasonText({ ...rest, reason, decidedBy })
}

function facts(
  { digest, age, reason, decision, exclusiveBytes }: TagOutcome,
  { units, now }: PruneLogOptions,
): string {
  const unknown = reason === 'unknown-age' ? ['of unknown age'] : []
  return [
    digest === null ? 'no digest' : shortDigest(digest),
    ...(age === null ? unknown : [`${formatAge(age.at, now)} (${age.source})`]),
    ...(decision === 'untag' ? [] : [`frees ${formatBytes(exclusiveBytes, units)} on its own`]),
  ].join(', ')
}

function manifestLine(manifest: ManifestOutcome, label: StatusLabel): string {
  return `${VERBS[label]} ${manifest.kind} ${shortDigest(manifest.digest)}: ${whyText(manifest)}`
}

function whyText(item: TagOutcome | ManifestOutcome): string {
  const note = noteOf(item)
  const reason = reasonText(item)
  return note === null ? reason : `${sanitiseLine(note, TEXT_LENGTH)}; ${reason}`
}
