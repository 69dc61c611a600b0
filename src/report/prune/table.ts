import type { AgeOrigin } from '../../domain/prune/inventory.ts'
import type { ManifestOutcome } from '../../domain/prune/outcome.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Bytes, Units } from '../../domain/quantities/bytes.ts'
import { formatAge } from '../../domain/quantities/duration.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { UNBROKEN_NAME } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { EMPTY, code, join, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { shortCommits } from '../markdown/words.ts'
import type { StatusLabel } from './status.ts'
import { cutDigest, noteMarkdown, noteOf, reasonMarkdown } from './reason.ts'
import type { TagRow } from './rows.ts'

const NONE = prose`–`
/** As long as the longest tag. */
export const TAG_LENGTH = 128

const LABELS: Readonly<Record<StatusLabel, Html>> = {
  kept: own('kept'),
  skipped: own('skip'),
  failed: own('failed'),
  'to delete': own('delete'),
  'to untag': own('untag'),
  'not reached': own('not reached'),
  refused: own('refused'),
  deleted: own('deleted'),
  untagged: own('untagged'),
  'already gone': own('already gone'),
}

const SOURCES: Readonly<Record<AgeOrigin, Html>> = {
  pushed: own('pushed'),
  updated: own('updated'),
  pulled: own('pulled'),
  annotation: own('annotation'),
  config: own('config'),
}

function labelCell(label: StatusLabel): Markdown {
  return unbroken(LABELS[label])
}

const NOTHING_TOLD: ReadonlySet<string> = new Set()

/**
 * The columns of tags that go, or that stay: those have no label to tell. Notes that are `told` elsewhere are left
 * out.
 */
export function tagColumns(
  rows: readonly TagRow[],
  { units, now }: { readonly units: Units; readonly now: Timestamp },
  told: ReadonlySet<string> = NOTHING_TOLD,
): Column<TagRow>[] {
  const sources = new Set(rows.flatMap(({ tag: { age } }) => (age === null ? [] : [age.source])))
  const [only] = sources.size === 1 ? sources : []
  const size = (bytes: Bytes | null): Markdown =>
    bytes === null ? NONE : unbroken(own(formatBytes(bytes, units)))
  return [
    {
      title: prose`Tag`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      cell: ({ tag: { tag } }) => code(shortCommits(tag), TAG_LENGTH),
    },
    {
      title: prose`Decision`,
      align: 'left',
      when: rows.some(({ label }) => label !== 'kept'),
      cell: ({ label }) => labelCell(label),
    },
    { title: prose`Why`, align: 'left', unbroken: ONE_LINE, cell: ({ tag }) => inOneLine(why(tag, told)) },
    {
      title: only === undefined ? prose`Age` : prose`Age (${SOURCES[only]})`,
      align: 'right',
      // a column of dashes pushes the others out of a narrow window
      when: rows.some(({ tag: { age, reason } }) => age !== null || reason === 'unknown-age'),
      cell: ({ tag: { age, reason } }) => {
        // where nobody asked for it, that it is not known means nothing
        if (age === null) return reason === 'unknown-age' ? prose`unknown` : NONE
        const old = unbroken(own(formatAge(age.at, now).replace(/ old$/, '')))
        return only === undefined ? prose`${old} (${SOURCES[age.source]})` : old
      },
    },
    { title: prose`Frees on its own`, align: 'right', cell: ({ tag }) => size(tag.exclusiveBytes) },
    { title: prose`Size`, align: 'right', cell: ({ tag }) => size(tag.size) },
    {
      title: prose`Digest`,
      align: 'left',
      cell: ({ tag: { digest } }) => (digest === null ? NONE : code(cutDigest(digest))),
    },
  ]
}

export interface ManifestRow {
  readonly manifest: ManifestOutcome
  readonly label: StatusLabel
}

/** A column of decisions only where something goes. */
export function manifestColumns(rows: readonly ManifestRow[]): Column<ManifestRow>[] {
  return [
    { title: prose`Manifest`, align: 'left', cell: ({ manifest }) => code(cutDigest(manifest.digest)) },
    {
      title: prose`Decision`,
      align: 'left',
      when: rows.some(({ label }) => label !== 'kept'),
      cell: ({ label }) => labelCell(label),
    },
    { title: prose`Why`, align: 'left', cell: ({ manifest }) => why(manifest, NOTHING_TOLD) },
    { title: prose`Kind`, align: 'left', cell: ({ manifest }) => own(kindOf(manifest)) },
  ]
}

function kindOf({ kind, isAttestation = false }: ManifestOutcome): string {
  return isAttestation ? 'attestation' : KINDS[kind]
}

const KINDS: Readonly<Record<ManifestOutcome['kind'], string>> = {
  index: 'index',
  image: 'image',
  artifact: 'artifact',
  schema1: 'schema 1 image',
  unknown: 'unknown',
  unreadable: 'not read',
}

const ONE_LINE = 45

/** Of a table that is wider than the window, cells that may break are broken at every blank. */
function inOneLine(text: Markdown): Markdown {
  return text.length <= ONE_LINE ? unbroken(text) : text
}

/** The reason; what went otherwise than planned stands before it, as it is the news, and a doubt behind it. */
function why(item: TagRow['tag'] | ManifestOutcome, told: ReadonlySet<string>): Markdown {
  const note = told.has(noteOf(item) ?? '') ? EMPTY : noteMarkdown(item)
  const reason = reasonMarkdown(item)
  const parts = item.decision === 'untag' && item.status === 'planned' ? [reason, note] : [note, reason]
  return join(
    parts.filter((part) => part !== ''),
    prose`; `,
  )
}
