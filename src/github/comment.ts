import { WardenError } from '../domain/errors.ts'
import type { Comment } from '../domain/comment/comment.ts'
import { decideComment } from '../domain/comment/decision.ts'
import type { CommentAction, CommentBodies, CommentPolicy, Situation } from '../domain/comment/decision.ts'
import { commentMarker, findOwn } from '../domain/comment/marker.ts'
import type { CommentKey } from '../domain/comment/marker.ts'
import type { Log } from '../domain/ports.ts'
import type { GitHubApi } from './api.ts'

/** The part of the API that a comment needs. */
export type CommentApi = Pick<
  GitHubApi,
  'listComments' | 'createComment' | 'updateComment' | 'deleteComment' | 'viewer'
>

export interface CommentRequest {
  readonly pullRequest: number
  /** GitHub gave this run a token that cannot write, so that a refusal is nobody's mistake */
  readonly isRestricted: boolean
  readonly key: CommentKey
  readonly policy: CommentPolicy
  readonly situation: Situation
  /** without the marker, which is put before them */
  readonly bodies: CommentBodies
}

export interface CommentOutcome {
  /** what became of it; `failed`: it should have been written, and the log says why it was not */
  readonly kind: CommentAction['kind'] | 'failed'
  /** the comment's address; null when there is none */
  readonly url: string | null
  readonly reason: string
}

/**
 * Makes the one comment of this key say what the bodies say: created, rewritten in place, resolved, or left
 * alone. Never throws for what GitHub refuses: a comment does not decide whether a step is green, so the log
 * is told.
 */
export async function upsertComment(
  api: CommentApi,
  request: CommentRequest,
  log: Log,
): Promise<CommentOutcome> {
  if (request.policy === 'never') return { kind: 'nothing', url: null, reason: 'comment is never' }
  try {
    return await upsert(api, request, log)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    // a run that had nothing to say only looked whether an older comment needs resolving: no reason to warn
    const { policy, situation } = request
    if (decideComment(policy, situation, bodiesOf(request), null).kind === 'nothing') log.debug(error.line)
    else explain(error, request, log)
    return { kind: 'failed', url: null, reason: error.line }
  }
}

async function upsert(api: CommentApi, request: CommentRequest, log: Log): Promise<CommentOutcome> {
  const [first, ...others] = await ownComments(api, request)
  const action = decideComment(request.policy, request.situation, bodiesOf(request), first?.body ?? null)
  const comment = await carryOut(api, request, first, action)
  await removeDuplicates(api, others, log)
  return { kind: action.kind, url: comment?.url ?? null, reason: action.reason }
}

async function ownComments(api: CommentApi, { pullRequest, key }: CommentRequest): Promise<Comment[]> {
  const comments = await api.listComments(pullRequest)
  return findOwn(comments, commentMarker(key), await api.viewer())
}

function bodiesOf({ key, bodies }: CommentRequest): CommentBodies {
  const marker = commentMarker(key)
  return { current: `${marker}\n${bodies.current}`, resolved: `${marker}\n${bodies.resolved}` }
}

async function carryOut(
  api: CommentApi,
  request: CommentRequest,
  existing: Comment | undefined,
  action: CommentAction,
): Promise<Comment | undefined> {
  if (action.kind === 'nothing') return existing
  if (existing !== undefined) return await api.updateComment(existing.id, action.body)
  try {
    return await api.createComment(request.pullRequest, action.body)
  } catch (error) {
    // the answer was lost, perhaps after the comment was made: look, before there are two
    if (!(error instanceof WardenError) || !['network', 'deadline', 'server'].includes(error.kind))
      throw error
    const [made] = await ownComments(api, request)
    return made ?? (await api.createComment(request.pullRequest, action.body))
  }
}

/**
 * Two runs at the same time may each have made one. The oldest stays: every run picks the same, and its
 * address and place in the conversation never change.
 */
async function removeDuplicates(api: CommentApi, duplicates: readonly Comment[], log: Log): Promise<void> {
  for (const { id } of duplicates) {
    try {
      await api.deleteComment(id)
    } catch (error) {
      // another run may have been faster
      if (!(error instanceof WardenError)) throw error
      if (error.kind !== 'not-found') log.debug(error.line)
    }
  }
}

/** One line in the log: a notice where nothing is wrong with the workflow, else a warning with the remedy. */
function explain(error: WardenError, { isRestricted, pullRequest }: CommentRequest, log: Log): void {
  const refused = error.kind === 'denied' || error.kind === 'not-found'
  if (refused && isRestricted) {
    log.notice(
      `Pull request #${pullRequest} is not commented on: GitHub gives pull requests of forks and of Dependabot a token ` +
        'that only reads. The whole report is in the job summary, or in the log where there is none; mode: report in a workflow_run workflow can comment',
    )
  } else if (error.kind === 'denied') {
    log.warning(
      `${error.line}. If the token lacks the permission, give the job "permissions: pull-requests: write"; ` +
        'the whole report is in the job summary, or in the log where there is none',
    )
  } else {
    log.warning(
      `${error.line}. The pull request is not commented on; the whole report is in the job summary, or in the log where there is none`,
    )
  }
}
