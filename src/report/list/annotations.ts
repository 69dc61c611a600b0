import type { Annotation } from '../../domain/annotation.ts'
import type { ListReport } from '../../domain/list/report.ts'
import { placed } from '../placed.ts'
import { brokenOf } from './headline.ts'
import { oversized } from './outputs.ts'

/** GitHub shows ten of a level; the last one counts the rest. */
const MOST = 9

/**
 * What is wrong, beside the run: failed checks, broken repositories, then what only needs a look. The first error is
 * the closing line of the run, and is not said here as well.
 */
export function listAnnotations(report: ListReport): Annotation[] {
  const failed = report.checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message)
  const broken = brokenOf(report).map(({ repository, problem }) => placed(repository, problem ?? ''))
  const warned = report.checks.filter(({ verdict }) => verdict === 'warn').map(({ message }) => message)
  const tooLarge = oversized(report).map(
    (name) => `output ${name} is above GitHub's limit and is null. Narrow image or tags`,
  )
  const pending =
    report.result === 'partial' ? ['max-duration was over before every repository was read'] : []
  return [
    ...bounded('error', [...failed, ...broken].slice(report.result === 'fail' ? 1 : 0)),
    ...bounded('warning', [...pending, ...warned, ...tooLarge]),
  ]
}

function bounded(level: Annotation['level'], messages: readonly string[]): Annotation[] {
  const shown = messages.length > MOST + 1 ? messages.slice(0, MOST) : messages
  const left = messages.length - shown.length
  const all = left === 0 ? shown : [...shown, `${left} more, see the job summary`]
  return all.map((message) => ({ level, title: 'List', message }))
}
