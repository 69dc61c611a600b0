import type { JudgedImage, SizeReport } from '../../domain/size/report.ts'
import { EMPTY, code, heading, join, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { baselineWords, missingBaseline } from './baseline.ts'
import type { WriteTime } from './baseline.ts'
import { sharedFolder, sharedRepository } from './rows.ts'
import { plural } from '../markdown/words.ts'

/** The verdict as the heading; numbers stay with their units where a window is narrow. */
export function sizeHeading({ images }: SizeReport, headline: string): Markdown {
  const artifacts = images.length > 0 && images.every(({ kind }) => kind === 'artifact')
  const words = join(
    headline.split(/(?<=\d) (?=[kKMGT]?i?B|%)/).map((part) => own(part)),
    unbroken(own(' ')),
  )
  return heading(3, prose`📦 ${artifacts ? prose`Artifact` : prose`Image`} size: ${words}`)
}

/**
 * What was measured, how, and against what.
 * @param writeCreated how old a single image is; null to leave it out
 */
export function measuredLine(
  { images }: SizeReport,
  write: WriteTime,
  writeCreated: WriteTime | null,
): Markdown {
  if (images.length === 0) return EMPTY
  const stored = images.every(({ repository }) => repository !== null)
  const where = stored ? prose`, as stored in the registry` : EMPTY
  const what = prose`${subjectOf(images, writeCreated)}${baselineWords(images, write)}`
  return prose`Compressed download size of ${what}: config + each distinct layer${where}.${missingBaseline(images)}`
}

function subjectOf(images: readonly JudgedImage[], writeCreated: WriteTime | null): Markdown {
  const [first] = images
  const rows = images.reduce((sum, { platforms }) => sum + platforms.length, 0)
  const count = plural(rows, 'platform image')
  if (first !== undefined && images.length === 1) {
    const age = first.created === null || writeCreated === null ? [] : [writeCreated(first.created)]
    const facts = [...(rows > 1 ? [count] : []), ...age].join(', ')
    return facts === '' ? code(first.name) : prose`${code(first.name)} (${own(facts)})`
  }
  const repository = sharedRepository(images)
  const platforms = rows > images.length ? prose` (${own(count)})` : EMPTY
  if (repository !== null) return prose`${images.length} tags of ${code(repository)}${platforms}`
  const folder = sharedFolder(images)
  const where = folder === '' ? EMPTY : prose` of ${code(folder)}`
  return prose`${images.length} images${where}${platforms}`
}
