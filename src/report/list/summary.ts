import type { Check, CheckName, CheckVerdict } from '../../domain/list/check.ts'
import type { ListReport, ListedRepository } from '../../domain/list/report.ts'
import { UNBROKEN_NAME, foldedTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { fit } from '../markdown/fitting.ts'
import { foldedList } from '../markdown/lists.ts'
import {
  EMPTY,
  blocks,
  code,
  foreignProse,
  heading,
  join,
  link,
  own,
  prose,
  table,
  unbroken,
} from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { plural } from '../markdown/words.ts'
import { commonFolder } from '../common-folder.ts'
import { SUMMARY_MAX_BYTES, footerLine } from '../summary-frame.ts'
import { ICONS } from '../verdict.ts'
import { brokenOf, listHeadline } from './headline.ts'

interface ListExtent {
  readonly repositories: number
  readonly tags: number
  readonly problems: number
}

const OPEN_REPOSITORIES = 30
const OPEN_PROBLEMS = 10
const NAME_LENGTH = 120
const MESSAGE_LENGTH = 600

/** The job summary of `mode: list`: the verdict, the checks, what is broken, each repository. */
export function renderListSummary(
  report: ListReport,
  { runUrl }: { readonly runUrl: string | null },
): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, runUrl, { repositories: 2000, tags: 3, problems: 200 }),
    () => draw(report, runUrl, { repositories: 1000, tags: 3, problems: 100 }),
    () => draw(report, runUrl, { repositories: 500, tags: 0, problems: 50 }),
    () => draw(report, runUrl, { repositories: 100, tags: 0, problems: 20 }),
  ])
}

function draw(report: ListReport, runUrl: string | null, extent: ListExtent): Markdown {
  const run = runUrl === null ? [] : [link(prose`run`, runUrl)]
  return blocks(
    heading(3, prose`${own(ICONS[report.result])} List: ${own(listHeadline(report))}`),
    checkTable(report.checks),
    problems(report, extent.problems),
    repositoryTable(report, extent),
    shardLine(report),
    footerLine(run),
  )
}

const CHECKS: Readonly<Record<CheckName, string>> = {
  reachable: 'Reachable',
  tls: 'TLS',
  'api-version': 'API version',
  credentials: 'Credentials',
  permissions: 'Permissions',
  catalog: 'Catalog',
}

const VERDICTS: Readonly<Record<CheckVerdict, string>> = {
  pass: `${ICONS.pass} pass`,
  warn: `${ICONS.warn} warn`,
  fail: `${ICONS.fail} fail`,
}

function checkTable(checks: readonly Check[]): Markdown {
  if (checks.length === 0) return EMPTY
  return table({
    columns: [
      { title: prose`Check`, align: 'left' },
      { title: prose`Verdict`, align: 'left' },
      { title: prose`What was found`, align: 'left' },
    ],
    rows: checks.map(({ check, verdict, message }) => [
      unbroken(own(CHECKS[check])),
      unbroken(own(VERDICTS[verdict])),
      foreignProse(message, MESSAGE_LENGTH),
    ]),
  })
}

function problems(report: ListReport, most: number): Markdown {
  const broken = brokenOf(report)
  if (broken.length === 0) return EMPTY
  const drawOne = ({ repository, problem }: ListedRepository): Markdown =>
    prose`${code(repository, NAME_LENGTH)}: ${foreignProse(problem ?? '', MESSAGE_LENGTH)}`
  return blocks(
    prose`**${own(plural(broken.length, 'repository'))} could not be read:**`,
    foldedList(broken, drawOne, { open: OPEN_PROBLEMS, written: most, noun: 'repository' }),
  )
}

/** Those with the most tags first: they are where a prune begins. */
function repositoryTable({ repositories, shards }: ListReport, extent: ListExtent): Markdown {
  if (repositories.length === 0) return EMPTY
  const shardOf = new Map(
    shards.flatMap(({ shard, repositories: own }) => own.map((name) => [name, shard] as const)),
  )
  const folder = commonFolder(repositories.map(({ repository }) => repository))
  const columns: Column<ListedRepository>[] = [
    {
      title: prose`Repository`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      cell: ({ repository }) => code(repository.slice(folder.length), NAME_LENGTH),
    },
    {
      title: prose`Tags`,
      align: 'right',
      cell: ({ tags }) => (tags === null ? prose`?` : prose`${tags.length}`),
    },
    {
      title: prose`Shard`,
      align: 'right',
      when: shards.length > 1,
      cell: ({ repository }) => prose`${shardOf.get(repository) ?? 0}`,
    },
    {
      title: prose`For example`,
      align: 'left',
      when: extent.tags > 0,
      cell: ({ tags }) => someTags(tags ?? [], extent.tags),
    },
  ]
  const mostTagsFirst = repositories.toSorted((a, b) => (b.tags?.length ?? -1) - (a.tags?.length ?? -1))
  return blocks(
    folder === '' ? EMPTY : prose`Repositories of ${code(folder, NAME_LENGTH)}:`,
    foldedTable(columns, mostTagsFirst, {
      open: OPEN_REPOSITORIES,
      written: extent.repositories,
      noun: 'repository',
    }),
  )
}

function someTags(tags: readonly string[], most: number): Markdown {
  const shown = tags.slice(0, most).map((tag) => code(tag, 60))
  return join(tags.length > most ? [...shown, prose`…`] : shown, prose` `)
}

function shardLine({ shards }: ListReport): Markdown {
  if (shards.length < 2) return EMPTY
  const sizes = shards.map(({ repositories }) => repositories.length)
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  const each = least === most ? `${least}` : `${least} to ${most}`
  return prose`The output \`matrix\` has ${shards.length} shards of ${own(each)} repositories.`
}
