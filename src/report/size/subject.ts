import type { JudgedImage, SizeReport } from '../../domain/size/report.ts'
import { EMPTY, code, heading, own, prose, withUnits } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { plural, shortCommits } from '../markdown/words.ts'
import { baselineWords, missingBaseline } from './baseline.ts'
import type { WriteTime } from './baseline.ts'
import { nameList } from './names.ts'
import { folderOf, sharedRepository } from './rows.ts'

/** The verdict as the heading. */
export function sizeHeading({ images }: SizeReport, verdict: string): Markdown {
  const artifacts = images.length > 0 && images.every(({ kind }) => kind === 'artifact')
  return heading(3, prose`${artifacts ? prose`Artifact` : prose`Image`} size: ${withUnits(verdict)}`)
}

/**
 * What was measured, and against what.
 * @param writeCreated how old a single image is; null to leave it out
 */
export function measuredLine(
  { images }: SizeReport,
  write: WriteTime,
  writeCreated: WriteTime | null,
): Markdown {
  if (images.length === 0) return EMPTY
  const baseline = prose`${baselineWords(images, write)}${missingBaseline(images)}`
  return prose`${subjectOf(images, writeCreated)}${baseline}`
}

function subjectOf(images: readonly JudgedImage[], writeCreated: WriteTime | null): Markdown {
  const [first] = images
  const rows = images.reduce((sum, { platforms }) => sum + platforms.length, 0)
  const count = plural(rows, 'platform image')
  if (first !== undefined && images.length === 1) {
    const age = first.created === null || writeCreated === null ? [] : [writeCreated(first.created)]
    const facts = [...(rows > 1 ? [count] : []), ...age].join(', ')
    const name = subjectName(first)
    return facts === '' ? name : prose`${name} (${own(facts)})`
  }
  const repository = sharedRepository(images)
  const platforms = rows > images.length ? prose` (${own(count)})` : EMPTY
  const names = images.reduce((sum, image) => sum + image.names.length, 0)
  if (repository !== null) {
    const tags = names > images.length ? prose`${images.length} images, ${names} tags` : prose`${names} tags`
    return prose`${tags} of ${code(repository)}${platforms}`
  }
  const folder = folderOf(images)
  const where = folder === '' ? EMPTY : prose` of ${code(folder)}`
  return prose`${images.length} images${where}${platforms}`
}

/** `ghcr.io/acme/api:v1.2.3`, also `v1.2`, `v1`, `latest`. */
function subjectName({ names: [first, ...others] }: JudgedImage): Markdown {
  const name = code(shortCommits(first.name))
  return others.length === 0
    ? name
    : prose`${name}, also ${nameList(others.map(({ name, tag }) => tag ?? name))}`
}
