import type { SizeReport } from '../../src/domain/size/report.ts'
import { renderSizeSummary } from '../../src/report/size/summary.ts'
import { sizeView } from '../../src/report/size/view.ts'
import { examples } from './examples.ts'
import { MIB, NOW, RUN_URL, image, platformImage, report, serviceLayers } from './fixtures.ts'

export function draw(value: SizeReport, units: 'iec' | 'si' = 'iec'): string {
  return renderSizeSummary(sizeView(value, units), { now: NOW, runUrl: RUN_URL })
}

export function drawExample(name: keyof typeof examples): string {
  return draw(examples[name]!()).replaceAll('\u00A0', ' ')
}

/** Cells of the first table, without its head. */
export function rowsOf(summary: string): string[][] {
  const start = summary.search(/^\|/m)
  const lines = summary.slice(start).split('\n')
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(2, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** Titles of the first table, without the room that they keep for what is below them. */
export function headOf(summary: string): string[] {
  return (/^\|(.*)\|$/m.exec(summary)?.[1] ?? '')
    .replaceAll('&#8199;', '')
    .split('|')
    .map((cell) => cell.trim())
}

export const tagged = (count: number, make = (i: number) => `v1.${i}.0`): SizeReport =>
  report(
    Array.from({ length: count }, (_, i) =>
      image(`ghcr.io/acme/api:${make(i)}`, [
        platformImage('linux/amd64', serviceLayers('amd64', String(i), (i + 1) * MIB)),
      ]),
    ),
  )
