import { readWhole } from '../action/files.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings, ReportSettings } from '../action/settings.ts'
import { WardenError } from '../domain/errors.ts'
import type { Clock } from '../domain/ports.ts'
import type { SizeReport } from '../domain/size/report.ts'
import type { Session } from '../compose.ts'
import { MAX_REPORT_BYTES, parseReportFile } from '../wire/report-file.ts'
import { sizeView } from '../report/size/view.ts'
import { openChange } from './pull-request.ts'
import { publishSize } from './publish-size.ts'

/**
 * `mode: report`: the second half of the pair for forks. The file comes from a job that ran foreign code, so
 * it is checked and rendered again here, and says nothing about where the comment goes. The verdict was the
 * first job's to give: this step is green when the report could be told.
 */
export async function runReport(
  common: CommonSettings,
  { reportFile, comment }: ReportSettings,
  { clock, github }: { readonly clock: Clock; readonly github: Session['github'] },
  runner: Runner,
): Promise<boolean> {
  const report = readReport(await readWhole(reportFile, MAX_REPORT_BYTES, 'report-file'))
  const change = await openChange(common, github, runner)
  await publishSize(sizeView(report, common.units), common, comment, { change, runner, now: clock() })
  return true
}

/** @throws WardenError of kind `input` */
function readReport(content: Buffer): SizeReport {
  try {
    return parseReportFile(content)
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError('input', `input report-file: ${cause.message}`, {
      advice: cause.advice ?? 'Give the file that report-file wrote in mode: size, unchanged',
      cause,
    })
  }
}
