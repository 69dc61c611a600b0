import type { Layer } from '../size/report.ts'
import type { ChangedLayer, LayerChange } from './growth.ts'

/** Images have at most 127 layers; beyond this many pairs somebody wants to keep us busy. */
const MOST_PAIRS = 1_000_000

/**
 * Matches the layers of two images, each exactly once and in order: as many as possible by digest (`shared`),
 * then as many as possible by instruction (`replaced`); what is left was removed or added where it stands.
 */
export function matchLayers(before: readonly Layer[], after: readonly Layer[]): LayerChange[] {
  const common = commonStart(before, after)
  const shared = after.slice(0, common).map((layer, position) => pair(before[position] ?? layer, layer))
  return [...shared, ...alignRest(before.slice(common), after.slice(common))]
}

function commonStart(before: readonly Layer[], after: readonly Layer[]): number {
  const different = after.findIndex((layer, position) => layer.digest !== before[position]?.digest)
  return different === -1 ? after.length : different
}

function alignRest(before: readonly Layer[], after: readonly Layer[]): LayerChange[] {
  if (before.length * after.length > MOST_PAIRS) return [...before.map(removed), ...after.map(added)]
  const scores = scoreTable(before, after)
  const changes: LayerChange[] = []
  let i = 0
  let j = 0
  for (;;) {
    const old = before[i]
    const young = after[j]
    if (old === undefined && young === undefined) return changes
    if (old !== undefined && young !== undefined && scores.isPair(i, j)) {
      changes.push(pair(old, young))
      i += 1
      j += 1
    } else if (old !== undefined && (young === undefined || scores.at(i + 1, j) >= scores.at(i, j + 1))) {
      changes.push(removed(old))
      i += 1
    } else if (young !== undefined) {
      changes.push(added(young))
      j += 1
    }
  }
}

/** Longest common subsequence, weighted: `at(i, j)` is the best score of what begins at these positions. */
function scoreTable(before: readonly Layer[], after: readonly Layer[]) {
  // One shared layer outweighs any number of replaced ones.
  const sharedWeight = Math.min(before.length, after.length) + 1
  const width = after.length + 1
  const table = new Float64Array((before.length + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j] ?? 0
  const olds = before.map(instructionKey)
  const youngs = after.map(instructionKey)
  const weight = (i: number, j: number): number => {
    if (before[i]?.digest === after[j]?.digest) return sharedWeight
    return olds[i] !== null && olds[i] === youngs[j] ? 1 : 0
  }
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const paired = weight(i, j)
      const matched = paired === 0 ? 0 : paired + at(i + 1, j + 1)
      table[i * width + j] = Math.max(matched, at(i + 1, j), at(i, j + 1))
    }
  }
  return {
    at,
    isPair: (i: number, j: number): boolean => {
      const paired = weight(i, j)
      return paired > 0 && at(i, j) === paired + at(i + 1, j + 1)
    },
  }
}

/**
 * The classic builder names what it copies by content (`COPY file:1a2b… in /`); without that it is the
 * instruction.
 */
function instructionKey({ createdBy }: Layer): string | null {
  return createdBy === null ? null : createdBy.replaceAll(/\b(file|dir|multi):[0-9a-f]+/g, '$1:')
}

function pair(before: Layer, after: Layer): LayerChange {
  const change = before.digest === after.digest ? 'shared' : 'replaced'
  return {
    change,
    createdBy: after.createdBy ?? before.createdBy,
    before: changed(before),
    after: changed(after),
  }
}

function removed(layer: Layer): LayerChange {
  return { change: 'removed', createdBy: layer.createdBy, before: changed(layer), after: null }
}

function added(layer: Layer): LayerChange {
  return { change: 'added', createdBy: layer.createdBy, before: null, after: changed(layer) }
}

function changed({ digest, size, from }: Layer): ChangedLayer {
  return { digest, size, from }
}
