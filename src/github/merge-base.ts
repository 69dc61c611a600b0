import { WardenError } from '../domain/errors.ts'
import type { EventContext } from '../domain/event.ts'
import type { PullRequestFacts } from '../domain/growth/pull-request-facts.ts'
import type { GitHubApi } from './api.ts'

type CompareApi = Pick<GitHubApi, 'mergeBase'>

/**
 * What a pull request or merge group is to be compared with; nulls for every other event. The merge base is
 * asked for once, against the branch as it is now: `base.sha` of the payload may be older than what the head
 * has merged since, and then the change would be blamed for the growth of its target.
 * Gitea and Forgejo write it into the event, and have no way to ask for it.
 * @param api null when there is no token
 * @param elsewhere takes a notice where this is not a GitHub server; null: it is
 */
export function pullRequestFacts(
  { pullRequest, mergeGroup }: EventContext,
  api: CompareApi | null,
  elsewhere: ((notice: string) => void) | null = null,
): PullRequestFacts {
  const change = pullRequest ?? mergeGroup
  if (change === null) return { baseSha: null, baseRef: null, mergeBase: null }
  const { baseSha, baseRef, headSha } = change
  const told = pullRequest?.mergeBase ?? null
  const find = async (): Promise<string | null> => {
    if (told !== null) return told
    if (elsewhere === null) return readMergeBase(api, [baseRef, baseSha], headSha)
    elsewhere('baseline: the event does not name the merge base, so {merge-base} is left out')
    return null
  }
  let answer: Promise<string | null> | null = null
  return { baseSha, baseRef, mergeBase: () => (answer ??= find()) }
}

/** From the first base that exists: a target branch may be gone by the time of a re-run. */
async function readMergeBase(
  api: CompareApi | null,
  bases: readonly string[],
  head: string,
): Promise<string | null> {
  if (api === null) {
    throw new WardenError('unauthorized', 'github-token is empty', {
      advice: 'Leave github-token at its default, or take {merge-base} out of baseline',
    })
  }
  let refusal: WardenError | null = null
  for (const base of bases) {
    try {
      return await api.mergeBase(base, head)
    } catch (error) {
      if (!(error instanceof WardenError) || !['not-found', 'denied'].includes(error.kind)) throw error
      if (/\bno common ancestor\b/i.test(error.message)) return null
      refusal = error
    }
  }
  // not found is also what GitHub says of what a token may not see, so it never proves that there is none
  throw new WardenError('denied', refusal?.message ?? 'GitHub does not tell the merge base', {
    advice: 'Give the job "permissions: contents: read", or take {merge-base} out of baseline',
    cause: refusal,
  })
}
