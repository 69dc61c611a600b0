import type { Cause } from './decision.ts'
import { reach } from './graph.ts'
import type { ManifestGraph, Node, Reach } from './graph.ts'
import { fact } from './rule.ts'
import { undeletable, unknownType } from './tag-selection.ts'

/** Which manifests go. */
export interface Sweep {
  readonly isDeleted: (node: Node) => boolean
  /** true also for what was never here, when all that named it goes */
  readonly isLost: (node: Node) => boolean
  readonly cause: (node: Node) => Cause
}

/**
 * The law of pruning. What goes may take along all that it reaches; what stays, for whatever reason, holds on
 * to all that it reaches; whoever is claimed by both stays. Locked manifests and unknown types never go.
 */
export function sweep(
  graph: ManifestGraph,
  goes: ReadonlyMap<Node, Cause>,
  stays: ReadonlyMap<Node, Cause>,
): Sweep {
  const doomed = reach(graph, goes.keys())
  const kept = reach(graph, stays.keys(), 'keeping')
  const { stored } = graph
  const isHeld = (node: Node) => stored[node]?.kind === 'unknown' || (stored[node]?.locked ?? null) !== null
  kept.extend(nodesWhere(graph, isHeld))
  // what is not here holds on to nothing: a missing subject must not keep its signatures
  kept.extend(nodesWhere(graph, (node) => stored[node] !== null && !doomed.has(node)))
  const isLost = (node: Node) => doomed.has(node) && !kept.has(node)
  const isDeleted = (node: Node) => stored[node] !== null && isLost(node)
  return {
    isDeleted,
    isLost,
    cause: (node) => {
      if (isDeleted(node)) return goes.get(node) ?? edgeCause(graph, doomed, node) ?? UNTOUCHED
      return stays.get(node) ?? edgeCause(graph, kept, node) ?? heldCause(graph, node) ?? UNTOUCHED
    },
  }
}

const UNTOUCHED: Cause = { reason: 'not-considered', decidedBy: { rule: fact('nothing asks for it') } }

function* nodesWhere(graph: ManifestGraph, test: (node: Node) => boolean): Generator<Node> {
  for (let node = 0; node < graph.digests.length; node += 1) if (test(node)) yield node
}

function edgeCause(graph: ManifestGraph, reached: Reach, node: Node): Cause | null {
  const step = reached.cameBy(node)
  const digest = step === null ? undefined : graph.digests[step.from]
  return step === null || digest === undefined ? null : { reason: step.edge, decidedBy: { digest } }
}

function heldCause(graph: ManifestGraph, node: Node): Cause | null {
  const manifest = graph.stored[node]
  if (!manifest) return null
  if (manifest.locked !== null) return undeletable(manifest.locked)
  return manifest.kind === 'unknown' ? undeletable(unknownType(manifest.mediaType)) : null
}
