import { writeWhole } from '../action/files.ts'
import type { Runner } from '../action/runner.ts'
import type { CommonSettings, ImageInput, SizeSettings } from '../action/settings.ts'
import { explainSizes } from '../usecases/explain/explain-sizes.ts'
import type { ReaderOf } from '../usecases/explain/layer-sources.ts'
import { expandRepositories } from '../usecases/repositories.ts'
import { measureSize } from '../usecases/size/measure-size.ts'
import type { ImageSelection } from '../usecases/size/targets.ts'
import { WardenError } from '../domain/errors.ts'
import type { ImageReader } from '../domain/image-reader.ts'
import { formatImageSource } from '../domain/names/image-source.ts'
import { formatReference, formatRepository } from '../domain/names/reference.ts'
import { parseTag } from '../domain/names/tag.ts'
import { mostInFlight } from '../domain/quantities/concurrency.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { Severity } from '../domain/size/judge.ts'
import { reportFileJson } from '../report/size/report-file.ts'
import { sizeAnnotations } from '../report/size/annotations.ts'
import { renderFailedSize } from '../report/size/failed.ts'
import { sizeFailure } from '../report/size/failure.ts'
import { sizeView } from '../report/size/view.ts'
import type { Session } from '../compose.ts'
import { keepBadge } from './badge.ts'
import { keepHistory } from './history.ts'
import { openChange } from './pull-request.ts'
import type { Change } from './pull-request.ts'
import { publishSize } from './publish-size.ts'

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
  const { log } = runner
  const { readerOf, ...sources } = rememberReaders(session)
  const change = await openChange(common, session.github, runner)
  const [images, severity] = await Promise.all([
    selectImages(settings.images, sources),
    severityOf(settings, change),
  ])
  const measuring = measureSize(
    {
      images,
      platforms: settings.platforms,
      limits: settings.limits,
      severity,
      growth: { ...settings.growth, ...sources, facts: change.facts },
      everyConfig: settings.reportFile !== null,
    },
    {
      log,
      now: session.clock,
      concurrency: mostInFlight(common.concurrency),
      timeIsUp: () => session.ending.reason() !== null,
    },
  )
  const measured = await measuring.catch(async (error: unknown) => {
    if (common.summary && error instanceof WardenError) {
      await summariseFailure(error, common, runner, session.clock())
    }
    throw error
  })
  const { explain } = settings
  const explained =
    explain === null
      ? measured
      : await explainSizes(
          measured,
          { ...explain, severity, readerOf },
          { readLayer: session.readLayer, log },
        )
  const report = runner.redact({
    ...explained,
    overrideLabel: change.takesLabels ? settings.overrideLabel : null,
  })
  const { requests, retries, bytes } = session.stats()
  log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`)
  const view = sizeView(report, common.units)
  const now = session.clock()
  const history =
    settings.historyFile === null ? null : await keepHistory(settings.historyFile, report, runner, now)
  await publishSize(view, common, settings.comment, { change, runner, now, history })
  if (settings.badgeFile !== null) await keepBadge(settings.badgeFile, view, log)
  if (settings.reportFile !== null) {
    await writeWhole(settings.reportFile, `${JSON.stringify(reportFileJson(report))}\n`, 'report-file')
  }
  // last, so that the verdict ends the log
  for (const annotation of sizeAnnotations(view)) runner.annotate(annotation)
  if (report.verdict === 'fail') runner.fail(sizeFailure(view))
  return report.verdict !== 'fail'
}

async function summariseFailure(
  { line }: WardenError,
  { units }: CommonSettings,
  { runUrl, redact, writeSummary }: Runner,
  now: Timestamp,
): Promise<void> {
  await writeSummary(renderFailedSize(redact(line), { units, now, ...(runUrl === null ? {} : { runUrl }) }))
}

type ImageSources = Pick<Session, 'open' | 'openLocal' | 'catalog'>

/** Opens as the session does, and finds what was opened again by the names that a report has for it. */
function rememberReaders(session: Session): ImageSources & { readonly readerOf: ReaderOf } {
  const repositories = new Map<string, ImageReader>()
  const files = new Map<string, ReturnType<Session['openLocal']>>()
  const readers = new Map<string, ImageReader>()
  return {
    catalog: session.catalog,
    open: (repository) => {
      const reader = session.open(repository)
      repositories.set(formatRepository(repository), reader)
      return reader
    },
    openLocal: async (source) => {
      // the same file as image and as baseline is read once
      const name = formatImageSource(source)
      const opening = files.get(name) ?? session.openLocal(source)
      files.set(name, opening)
      const opened = await opening
      readers.set(name, opened.reader)
      return opened
    },
    readerOf: ({ name, repository }) =>
      (repository === null ? readers.get(name) : repositories.get(repository)) ?? null,
  }
}

/** What is named, and what patterns find beside it in catalogs. */
async function selectImages(
  images: readonly ImageInput[],
  sources: ImageSources,
): Promise<readonly ImageSelection[]> {
  const globs = images.filter((image) => image.kind === 'glob')
  const named = await Promise.all(
    images.flatMap((image) => (image.kind === 'glob' ? [] : [selectImage(image, sources)])),
  )
  const [first] = globs
  if (first === undefined) return named
  // a whole repository that is named, too, is not measured twice
  const known = new Set(named.map((image) => (image.kind === 'many' ? image.repository : null)))
  const found = await expandRepositories(globs, sources.catalog)
  return [
    ...named,
    ...found
      .map((repository) => ({ name: formatRepository(repository), reader: sources.open(repository) }))
      .filter(({ name }) => !known.has(name))
      .map(({ name, reader }) => ({
        kind: 'many' as const,
        repository: name,
        tags: first.tags,
        reader,
        isFound: true,
      })),
  ]
}

/** A reference without tag and digest means `latest`, unless `tags` selects some. */
async function selectImage(
  image: Exclude<ImageInput, { kind: 'glob' }>,
  { open, openLocal }: ImageSources,
): Promise<ImageSelection> {
  if (image.kind === 'local') {
    const { reader, top, path } = await openLocal(image.source)
    const { tag } = image.source
    return {
      kind: 'one',
      name: formatImageSource(image.source),
      repository: null,
      store: path,
      tag,
      manifest: top,
      reader,
    }
  }
  const { reference, tags } = image
  const repository = formatRepository(reference.repository)
  const reader = open(reference.repository)
  if (tags !== null) return { kind: 'many', repository, tags, reader }
  const tag = reference.tag ?? (reference.digest === null ? parseTag('latest', 'image') : null)
  const manifest = reference.digest ?? tag
  if (manifest === null) throw new Error('a reference has a tag or a digest')
  const isImplied = reference.tag === null && reference.digest === null
  const name = formatReference({ ...reference, tag })
  return { kind: 'one', name, repository, tag, isImplied, manifest, reader }
}

async function severityOf({ severity, overrideLabel }: SizeSettings, change: Change): Promise<Severity> {
  if (severity !== 'fail' || overrideLabel === null) return severity
  const overridden = await change.hasLabel(overrideLabel)
  return overridden ? { warnBecause: `the pull request has the label ${overrideLabel}` } : severity
}
