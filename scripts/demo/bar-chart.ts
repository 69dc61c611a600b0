import { styleText } from 'node:util'

/** A mermaid `xychart-beta` as horizontal bars; null for any other diagram. */
export function barChart(lines: readonly string[], width: number): readonly string[] | null {
  const text = lines.join('\n')
  const labels = /^\s*x-axis \[(.*)\]$/m.exec(text)?.[1]
  const values = numbers(/^\s*bar \[(.*)\]$/m.exec(text)?.[1])
  if (!text.includes('xychart-beta') || labels === undefined || values.length === 0) return null
  const names = [...labels.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name)
  const unit = /^\s*y-axis "([^"]*)"/m.exec(text)?.[1] ?? ''
  const limits = numbers(/^\s*line \[(.*)\]$/m.exec(text)?.[1])
  const notes = values.map((value, index) => {
    const limit = limits[index]
    return `${value.toFixed(1)}${limit === undefined ? '' : ` of ${limit}`} ${unit}`
  })
  const [nameWidth, noteWidth] = [names, notes].map((texts) => Math.max(...texts.map((each) => each.length)))
  const scale = Math.min(60, width - nameWidth! - noteWidth! - 3) / Math.max(...values, ...limits)
  return values.map((value, index) => {
    const isOver = value > (limits[index] ?? Infinity)
    const bar = styleText(isOver ? 'red' : 'blue', '█'.repeat(Math.max(1, Math.round(value * scale))))
    return `${(names[index] ?? '').padStart(nameWidth!)}  ${bar} ${notes[index]}`
  })
}

function numbers(list: string | undefined): readonly number[] {
  return list === undefined ? [] : list.split(',').map(Number)
}
