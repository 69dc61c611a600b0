import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from './bundle.ts'

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().default('') })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
  runs: z.object({ using: z.string(), main: z.string() }),
})

/** What `action.yml` declares. */
export type ActionMetadata = z.infer<typeof actionSchema>

/**
 * Reads the text of `action.yml`; throws on an input whose default is not a string, because the runner would
 * stringify it.
 */
export function parseAction(text: string): ActionMetadata {
  return actionSchema.parse(parse(text))
}

const modes = ['size', 'prune', 'undo', 'report', 'list'] as const

/** The text of README.md with both tables generated from `action.yml`. */
export function withTables(readme: string, action: ActionMetadata): string {
  const inputs = Object.entries(action.inputs).map(([name, input]) =>
    row(input.description, [code(name), input.default === '' ? '' : code(input.default)]),
  )
  const outputs = Object.entries(action.outputs).map(([name, output]) =>
    row(output.description, [code(name)]),
  )
  const withInputs = between(readme, 'inputs', sections(['Input', 'Default', 'Meaning'], inputs))
  return between(withInputs, 'outputs', sections(['Output', 'Meaning'], outputs))
}

interface Row {
  /** empty: all modes */
  readonly modes: readonly string[]
  readonly meaning: string
  readonly cells: readonly string[]
}

/** Takes the modes off the front of a description: `size, report: When to …`. */
function row(description: string, cells: readonly string[]): Row {
  const match = /^((?:size|prune|list|report|undo)(?:, (?:size|prune|list|report|undo))*): (.+)$/s.exec(
    description,
  )
  return { modes: match?.[1]?.split(', ') ?? [], meaning: match?.[2] ?? description, cells }
}

/** One folded table for all modes and one for each mode. */
function sections(head: readonly string[], rows: readonly Row[]): string {
  const all = folded(
    'All modes',
    table(
      head,
      rows.filter((entry) => entry.modes.length === 0),
    ),
  )
  const each = modes.map((mode) => {
    const text = table(
      head,
      rows.filter((entry) => entry.modes.includes(mode)),
    )
    if (text === '') return ''
    return folded(`<code>${mode}</code>`, text)
  })
  return [all, ...each.filter((text) => text !== '')].join('\n\n')
}

function folded(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`
}

function table(head: readonly string[], rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((entry) => line([...entry.cells, entry.meaning])),
  ].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}

function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} … ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}

if (import.meta.main) {
  const file = join(root, 'README.md')
  const action = parseAction(await readFile(join(root, 'action.yml'), 'utf8'))
  await writeFile(file, withTables(await readFile(file, 'utf8'), action))
}
