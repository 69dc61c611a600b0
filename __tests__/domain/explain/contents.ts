import { ContentsBuilder } from '../../../src/domain/explain/contents.ts'
import type { EntryKind, LayerContents } from '../../../src/domain/explain/contents.ts'

/**
 * `path: bytes`, `path/: 'folder'`, `path: '-> target'` for a hard link, `path: '~> target'` for a symbolic
 * one.
 */
export type Spec = Readonly<Record<string, number | string>>

/** The contents of a layer; whiteouts by their names in the archive. */
export function contents(spec: Spec): LayerContents {
  const builder = new ContentsBuilder()
  for (const [name, what] of Object.entries(spec)) {
    const [kind, target] = kindOf(what)
    const size = typeof what === 'number' ? what : 0
    builder.add(name, kind, size, target)(size / 2)
  }
  return builder.finish()
}

function kindOf(what: number | string): [kind: EntryKind, target: string | null] {
  if (typeof what === 'number') return ['file', null]
  if (what.startsWith('-> ')) return ['hardlink', what.slice(3)]
  return what.startsWith('~> ') ? ['link', what.slice(3)] : ['folder', null]
}
