/** A line beside the run: GitHub shows at most ten of each level per step. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  /** one line; controls and what the runner takes for a command are escaped when it is written */
  readonly message: string
}
