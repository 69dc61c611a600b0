/**
 * What `baseline` can ask about the run. Null: this event has no such thing (no pull request), and entries
 * that ask for it are not for this run. The merge base costs a request, so it is a function and called once
 * at most.
 */
export interface PullRequestFacts {
  /**
   * Null when the two commits have none.
   * @throws WardenError, never of kind `not-found`, when it could not be read: that is not the same as having
   * none
   */
  readonly mergeBase: (() => Promise<string | null>) | null
  readonly baseSha: string | null
  /** the name of the branch, `feature/x` */
  readonly baseRef: string | null
}
