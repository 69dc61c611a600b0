/** `owner/name` of a repository on GitHub. */
export interface RepositoryName {
  readonly owner: string
  readonly name: string
}

/**
 * What started this run, as far as the runner and the event's payload tell. Foreign text; only its shape is
 * checked.
 */
export interface EventContext {
  /** `pull_request`, `merge_group`, `push`…; empty outside a runner */
  readonly event: string
  /** where the workflow runs; null outside a runner */
  readonly repository: RepositoryName | null
  /**
   * the commit that the workflow runs for: of a `pull_request` the merge commit, of others the commit itself
   */
  readonly sha: string | null
  /** the page of this run */
  readonly runUrl: string | null
  /** null for every event that is not about one pull request: then there is a summary, and no comment */
  readonly pullRequest: PullRequest | null
  readonly mergeGroup: MergeGroup | null
  /** the run that this run follows, for `workflow_run` */
  readonly workflowRun: WorkflowRun | null
  /** what could not be read, in words */
  readonly warnings: readonly string[]
}

export interface PullRequest {
  readonly number: number
  /** what happened to it, `opened`, `closed`…; null where the event does not say */
  readonly action: string | null
  readonly headSha: string
  readonly headBranch: string
  /** `owner/name`; null when that repository is deleted */
  readonly headRepository: string | null
  readonly baseSha: string
  readonly baseRef: string
  /** where the branches parted, as the event says; absent: it does not (GitHub) */
  readonly mergeBase?: string
  /** as they were when the event happened; a re-run sees the same ones again */
  readonly labels: readonly string[]
  /** the head is in another repository */
  readonly isFork: boolean
  /** GitHub gives the run a token that cannot write: of a fork, or of Dependabot */
  readonly isRestricted: boolean
}

/** A group in a merge queue, to be tested as if it were merged. */
export interface MergeGroup {
  readonly headSha: string
  readonly baseSha: string
  /** branch name, without `refs/heads/` */
  readonly baseRef: string
  /** the last pull request of the group, by the name of its branch; null when that says none */
  readonly pullRequestNumber: number | null
}

export interface WorkflowRun {
  readonly headSha: string
  /** null for a run without a branch */
  readonly headBranch: string | null
  /** `owner/name`; null when that repository is deleted */
  readonly headRepository: string | null
}
