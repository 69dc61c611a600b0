import type { Runner } from '../action/runner.ts'
import type { CommentSettings, CommonSettings } from '../action/settings.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { DrawnHistory } from '../report/size/history.ts'
import { sizeLog } from '../report/size/log.ts'
import { sizeOutputs } from '../report/size/outputs.ts'
import { renderSizeSummary } from '../report/size/summary.ts'
import type { SizeView } from '../report/size/view.ts'
import type { Change } from './pull-request.ts'

/** Tells a report wherever people and later steps look: log, job summary, comment, outputs. */
export async function publishSize(
  view: SizeView,
  { summary }: CommonSettings,
  comment: CommentSettings,
  {
    change,
    runner,
    now,
    history = null,
  }: {
    readonly change: Change
    readonly runner: Runner
    readonly now: Timestamp
    readonly history?: DrawnHistory | null
  },
): Promise<void> {
  for (const line of sizeLog(view)) runner.log.info(line)
  if (summary) {
    const { runUrl } = runner
    await runner.writeSummary(
      renderSizeSummary(view, { now, history, ...(runUrl === null ? {} : { runUrl }) }),
    )
  }
  const commentUrl = await change.comment(view, comment)
  runner.setOutputs({ ...sizeOutputs(view), 'comment-url': commentUrl ?? '' })
}
