/** The modes that tell sizes, as one late import: nearly all that they load is the same. */

export { runReport } from './report.ts'
export { runSize } from './size.ts'
