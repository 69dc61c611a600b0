import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/bundle.ts'

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Files of the checkout that git tracks or would track, below a folder; ignored files are left out. */
export function filesBelow(folder: string): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', folder],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  return [...new Set(listed.split('\n'))].filter((path) => path !== '').toSorted()
}
