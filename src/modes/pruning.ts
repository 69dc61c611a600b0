/** The modes over whole repositories, as one late import: most of what they load is the same. */

export { runList, startUnavailable } from './list.ts'
export { runPrune } from './prune.ts'
export { runUndo } from './undo.ts'
