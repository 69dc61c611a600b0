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
  const nameWidth = Math.max(...names.map((name) => name.length))
  const scale = Math.min(60, width - nameWidth - 16) / Math.max(...values, ...limits)
  return values.map((value, index) => {
    const limit = limits[index]
    const over = limit !== undefined && value > limit
    const bar = styleText(over ? 'red' : 'blue', '█'.repeat(Math.max(1, Math.round(value * scale))))
    const note = limit === undefined ? '' : ` of ${limit}`
    return `${(names[index] ?? '').padStart(nameWidth)}  ${bar} ${value.toFixed(1)}${note} ${unit}`
  })
}

function numbers(list: string | undefined): readonly number[] {
  return list === undefined ? [] : list.split(',').map(Number)
}
