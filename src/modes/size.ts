import { writeWhole } from '../action/files.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings, ImageInput, SizeSettings } from '../action/settings.ts'
import type { BaselineSources } from '../commands/baseline.ts'
import { measureSize } from '../commands/measure-size.ts'
import type { ImageSelection } from '../commands/targets.ts'
import { formatReference, formatRepository } from '../domain/names/reference.ts'
import { parseTag } from '../domain/names/tag.ts'
import type { OpenRepository } from '../domain/ports.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { sizeAnnotations } from '../report/size-annotations.ts'
import { sizeHeadline } from '../report/size-headline.ts'
import { sizeJson } from '../report/size-json.ts'
import { sizeLog } from '../report/size-log.ts'
import { sizeOutputs } from '../report/size-outputs.ts'
import { renderSizeSummary } from '../report/size-summary.ts'
import type { Session } from '../session.ts'

/**
 * `mode: size`: measures, then tells it everywhere, and only then fails.
 * @returns whether the step is green
 */
export async function runSize(
  common: CommonSettings,
  settings: SizeSettings,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  const report = await measureSize(
    {
      images: settings.images.map((image) => selectImage(image, session.open)),
      platforms: settings.platforms,
      limits: settings.limits,
      severity: settings.severity,
      growth: { ...settings.growth, ...baselineSources(session) },
      everyConfig: settings.reportFile !== null,
    },
    { log: runner.log, now: session.clock, concurrency: common.concurrency, timeIsUp: session.timeIsUp },
  )
  await publish(report, common, settings, session, runner)
  return report.verdict !== 'fail'
}

/** Nothing is known about pull requests yet: entries of `baseline` that ask for one are passed over, and that is said. */
function baselineSources({ open, openLocal }: Session): BaselineSources {
  return {
    open,
    openLocal,
    facts: { mergeBase: () => Promise.resolve(null), baseSha: null, baseRef: null },
  }
}

/** A reference without tag and digest means `latest`, unless `tags` selects some. */
function selectImage({ reference, tags }: ImageInput, open: OpenRepository): ImageSelection {
  const repository = formatRepository(reference.repository)
  const reader = open(reference.repository)
  if (tags !== null) return { kind: 'many', repository, tags, reader }
  const tag = reference.tag ?? (reference.digest === null ? parseTag('latest', 'image') : null)
  const manifest = reference.digest ?? tag
  if (manifest === null) throw new Error('a reference has a tag or a digest')
  return { kind: 'one', name: formatReference({ ...reference, tag }), repository, tag, manifest, reader }
}

/** Log, report file, summary and outputs before the annotations, so that the verdict is the last thing in the log. */
async function publish(
  report: SizeReport,
  { units, summary }: CommonSettings,
  { reportFile }: SizeSettings,
  session: Session,
  runner: Runner,
): Promise<void> {
  for (const line of sizeLog(report, { units })) runner.log.info(line)
  const { requests, retries, bytes } = session.stats()
  runner.log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`)
  if (reportFile !== null) {
    await writeWhole(reportFile, `${JSON.stringify(sizeJson(report, { layers: true }), null, 2)}\n`)
  }
  const { runUrl } = runner
  if (summary) {
    const options = { units, now: session.clock(), ...(runUrl === null ? {} : { runUrl }) }
    await runner.writeSummary(renderSizeSummary(report, options))
  }
  runner.setOutputs(sizeOutputs(report, units))
  for (const annotation of sizeAnnotations(report, { units })) runner.annotate(annotation)
  if (report.verdict === 'fail') runner.fail(sizeHeadline(report, units))
}
