import type { CheckVerdict } from '../../domain/list/check.ts'
import type { ListReport } from '../../domain/list/report.ts'
import { plural } from '../markdown/words.ts'
import { placed } from '../placed.ts'
import { listHeadline } from './headline.ts'

const SHOWN_TAGS = 10
const SHOWN_REPOSITORIES = 200

const WORDS: Readonly<Record<CheckVerdict, string>> = { pass: 'ok  ', warn: 'warn', fail: 'FAIL' }

/** The report for the log of the step, a line for each check and each repository. */
export function listLog(report: ListReport): string[] {
  const { checks, repositories } = report
  const left = repositories.length - SHOWN_REPOSITORIES
  return [
    ...checks.map(({ check, verdict, message }) => `${WORDS[verdict]}  ${check.padEnd(11)}  ${message}`),
    ...repositories.slice(0, SHOWN_REPOSITORIES).map(({ repository, tags, problem }) => {
      if (tags === null) return `  ${placed(repository, problem ?? 'not reached')}`
      const more = tags.length > SHOWN_TAGS ? ', …' : ''
      const names = tags.length === 0 ? '' : ` (${tags.slice(0, SHOWN_TAGS).join(', ')}${more})`
      return `  ${repository}: ${plural(tags.length, 'tag')}${names}`
    }),
    ...(left > 0 ? [`  … and ${plural(left, 'more repository')}`] : []),
    listHeadline(report),
  ]
}
