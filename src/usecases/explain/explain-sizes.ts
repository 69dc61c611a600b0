import { withExplanations } from '../../domain/explain/apply.ts'
import type { WastedLimits } from '../../domain/explain/wasted-limit.ts'
import { pairsToExplain } from '../../domain/explain/choose.ts'
import type { LayerPair } from '../../domain/explain/choose.ts'
import { ReadingBudget } from '../../domain/explain/ports.ts'
import type { ReadLayer } from '../../domain/explain/ports.ts'
import type { SizeExplanation } from '../../domain/explain/explanation.ts'
import type { Log } from '../../domain/ports.ts'
import type { Bytes } from '../../domain/quantities/bytes.ts'
import type { Severity } from '../../domain/size/judge.ts'
import type { JudgedPlatform, SizeReport } from '../../domain/size/report.ts'
import { LayerLook } from './layer-look.ts'
import { sourceOfBaseline, sourceOfImage } from './layer-sources.ts'
import type { LayerSource, ReaderOf } from './layer-sources.ts'
import { PlatformExplainer } from './platform-explainer.ts'

export interface ExplainRequest {
  /** compressed bytes that may be read from registries */
  readonly budget: Bytes
  readonly wasted: WastedLimits
  readonly severity: Severity
  readonly readerOf: ReaderOf
}

export interface ExplainDeps {
  readonly readLayer: ReadLayer
  readonly log: Pick<Log, 'info'>
}

/** A pair of layers to look into, and for whom. */
interface LayerTask {
  readonly pair: LayerPair
  readonly explainer: PlatformExplainer
}

/**
 * The whole of `explain: files`: looks into the layers that explain the sizes of a report, largest change
 * first over all platform images, then into what else `max-wasted` and `warn-wasted` ask for, as far as the
 * budget goes. A layer that cannot be read is a notice.
 */
export async function explainSizes(
  report: SizeReport,
  request: ExplainRequest,
  { readLayer, log }: ExplainDeps,
): Promise<SizeReport> {
  const look = new LayerLook(readLayer, new ReadingBudget(request.budget))
  const explainers = await explainersOf(report, request, look)
  const tasks = [...explainers.values()]
    .flatMap((explainer) => explainer.pairs.map((pair): LayerTask => ({ pair, explainer })))
    .toSorted((a, b) => b.pair.weight - a.pair.weight)
  if (tasks.length > 0) log.info(`Looking into ${tasks.length} ${tasks.length === 1 ? 'layer' : 'layers'}`)
  for (const { pair, explainer } of tasks) await explainer.explain(pair)
  const explanations = new Map<JudgedPlatform, SizeExplanation>()
  for (const [platform, explainer] of explainers) {
    explanations.set(platform, await explainer.finish())
    look.forget(
      [...explainers.values()].filter((other) => !other.isFinished).flatMap((other) => other.layers),
    )
  }
  const explained = withExplanations(
    report,
    (platform) => explanations.get(platform) ?? null,
    request.wasted,
    request.severity,
  )
  return { ...explained, notices: [...explained.notices, ...look.notices] }
}

/** Several names of one image are explained once. */
async function explainersOf(
  report: SizeReport,
  { readerOf, wasted }: ExplainRequest,
  look: LayerLook,
): Promise<Map<JudgedPlatform, PlatformExplainer>> {
  const explainers = new Map<JudgedPlatform, PlatformExplainer>()
  const asksWaste = (wasted.max ?? wasted.warn) !== null
  for (const image of report.images) {
    for (const platform of image.platforms) {
      const source = await sourceOfImage(image, platform, readerOf)
      if (source === null) continue
      const pairs = pairsToExplain(platform, report.breaches).filter(isArchive(source))
      const needsAll = asksWaste || source.store.isLocal
      if (pairs.length === 0 && !needsAll) continue
      const before = pairs.some((pair) => pair.before !== null)
        ? await sourceOfBaseline(image, platform, readerOf)
        : null
      explainers.set(platform, new PlatformExplainer({ platform, pairs, source, before, needsAll, look }))
    }
  }
  return explainers
}

/** Layers of artifacts can be anything; what is not an archive has no files to speak of. */
function isArchive({ blobs }: LayerSource): (pair: LayerPair) => boolean {
  return ({ after }) => {
    const type = blobs.get(after.digest)?.mediaType ?? ''
    return /[+.](?:gzip|zstd|tar)(?:\+encrypted)?$/.test(type.split(';', 1)[0] ?? '')
  }
}
