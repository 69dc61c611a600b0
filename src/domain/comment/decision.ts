import { saysTheSame } from './content.ts'

export const COMMENT_POLICIES = ['always', 'on-change', 'on-exceed', 'never'] as const

/** The input `comment`: when the pull request is told. */
export type CommentPolicy = (typeof COMMENT_POLICIES)[number]

/** What a report has to say, as far as the policy asks. */
export interface Situation {
  /** a limit is exceeded, be it only with a warning */
  readonly exceeded: boolean
  /**
   * an image differs from its baseline by at least `minimum-change-threshold`, is new, or has lost a platform
   */
  readonly changed: boolean
  /** something was compared; without a baseline, everything would be a change each time */
  readonly hasBaseline: boolean
}

/** The comment in both of its forms; each begins with the marker. */
export interface CommentBodies {
  readonly current: string
  /** what a comment becomes when there is no reason for one any more */
  readonly resolved: string
}

export type CommentAction =
  | { readonly kind: 'create' | 'update' | 'resolve'; readonly body: string; readonly reason: string }
  | { readonly kind: 'nothing'; readonly reason: string }

/**
 * What happens to our comment.
 * @param existing its body as it is now; null when there is none
 */
export function decideComment(
  policy: CommentPolicy,
  situation: Situation,
  bodies: CommentBodies,
  existing: string | null,
): CommentAction {
  const { worthwhile, reason } = judge(policy, situation)
  if (policy === 'never') return { kind: 'nothing', reason }
  if (existing === null) {
    return worthwhile ? { kind: 'create', body: bodies.current, reason } : { kind: 'nothing', reason }
  }
  const body = worthwhile ? bodies.current : bodies.resolved
  if (saysTheSame(existing, body)) {
    return { kind: 'nothing', reason: 'the comment says the same already' }
  }
  return { kind: worthwhile ? 'update' : 'resolve', body, reason }
}

/**
 * Whether the policy wants a comment that begins a conversation; one that is there is kept true in any case.
 */
function judge(
  policy: CommentPolicy,
  { exceeded, changed, hasBaseline }: Situation,
): { readonly worthwhile: boolean; readonly reason: string } {
  if (policy === 'never' || policy === 'always') {
    return { worthwhile: policy === 'always', reason: `comment is ${policy}` }
  }
  if (exceeded) return { worthwhile: true, reason: 'a limit is exceeded' }
  if (policy === 'on-exceed') return { worthwhile: false, reason: 'no limit is exceeded' }
  if (!hasBaseline) return { worthwhile: false, reason: 'no limit is exceeded, and there is no baseline' }
  return changed
    ? { worthwhile: true, reason: 'a size has changed' }
    : { worthwhile: false, reason: 'no size has changed, and no limit is exceeded' }
}
