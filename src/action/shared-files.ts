import { resolve } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import type { InputName } from './input-catalog.ts'
import type { Command } from './settings.ts'

/** A file that an input names; null: it names none. */
type Named = readonly [input: InputName, path: string | null]

/**
 * Of two files of one name the second would take the first one's place: an undo file that a plan replaces
 * leaves nothing to undo with.
 * @throws WardenError of kind `input` where a file to write is also another one to write, or one that is read
 */
export function rejectSharedFiles(command: Command): void {
  const written = filesWritten(command).filter(isNamed)
  const taken = new Map<string, InputName>()
  for (const [input, path] of [...filesRead(command).filter(isNamed), ...written]) {
    const other = taken.get(resolve(path))
    if (other !== undefined && written.some(([name]) => name === input)) throw shared(other, input, path)
    taken.set(resolve(path), input)
  }
}

function filesWritten(command: Command): Named[] {
  if (command.mode === 'size') {
    const { reportFile, historyFile, badgeFile } = command.size
    return [
      ['report-file', reportFile],
      ['history-file', historyFile],
      ['badge-file', badgeFile],
    ]
  }
  if (command.mode !== 'prune') return []
  const { planFile, undoFile } = command.prune
  return [
    ['plan-file', planFile],
    ['undo-file', undoFile],
  ]
}

function filesRead(command: Command): Named[] {
  const certificates: Named = ['ca-file', command.common.caFile]
  if (command.mode === 'prune') return [certificates, ['apply-plan', command.prune.applyPlan]]
  if (command.mode !== 'size') return [certificates]
  const images = command.size.images.flatMap((image) => (image.kind === 'local' ? [image.source.path] : []))
  return [certificates, ...images.map((path): Named => ['image', path])]
}

function isNamed(file: Named): file is readonly [InputName, string] {
  return file[1] !== null
}

function shared(one: InputName, other: InputName, path: string): WardenError {
  return new WardenError('input', `inputs ${one} and ${other} name the same file: ${path}`, {
    advice: 'Name a file of its own for each',
  })
}
