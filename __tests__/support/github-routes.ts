import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type {
  GitHubApiOptions,
  Reply,
  SeenRequest,
  StoredComment,
  StoredPullRequest,
  TokenKind,
} from './github-api.ts'

const REPOSITORY = 'acme/api'
const MAX_BODY = 65_536

/** What the server knows, and what it was started with. */
export interface State {
  readonly options: GitHubApiOptions
  readonly token: string
  readonly tokenKind: TokenKind
  readonly login: string
  base: string
  readonly comments: StoredComment[]
  readonly labels: Map<number, string[]>
  readonly pullRequests: StoredPullRequest[]
  readonly mergeBases: Map<string, string>
  readonly branches: Map<string, string>
  readonly gitTags: string[]
  readonly releases: string[]
}

export const notFound: Reply = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs' },
}
const refused: Reply = { status: 403, body: { message: 'Resource not accessible by integration' } }

/** What GitHub answers to a request, whose token is checked first. */
export function answerTo(state: State, seen: SeenRequest, request: IncomingMessage, body: string): Reply {
  if (!request.headers['user-agent']) return { status: 403, body: { message: 'User-Agent is required' } }
  if (request.headers.authorization !== `token ${state.token}`) {
    return { status: 401, body: { message: 'Bad credentials' } }
  }
  for (const [pattern, route] of ROUTES) {
    const match = pattern.exec(`${seen.method} ${seen.path}`)
    if (match) return route(state, { ...seen, rest: decodeURIComponent(match[1] ?? ''), body })
  }
  return notFound
}

interface Asked extends SeenRequest {
  /** what the route's pattern captured */
  readonly rest: string
  readonly body: string
}

type Route = (state: State, asked: Asked) => Reply

const ROUTES: readonly (readonly [RegExp, Route])[] = [
  [/^POST \/graphql$/, graphql],
  [/^GET \/user$/, (state) => (state.tokenKind === 'user' ? ok({ login: state.login }) : refused)],
  [/^GET \/repos\/acme\/api\/issues\/(\d+)\/comments$/, listComments],
  [/^POST \/repos\/acme\/api\/issues\/(\d+)\/comments$/, createComment],
  [/^PATCH \/repos\/acme\/api\/issues\/comments\/(\d+)$/, updateComment],
  [/^DELETE \/repos\/acme\/api\/issues\/comments\/(\d+)$/, deleteComment],
  [/^GET \/repos\/acme\/api\/issues\/(\d+)\/labels$/, listLabels],
  [/^GET \/repos\/acme\/api\/compare\/([^/]+)$/, compare],
  [/^GET \/repos\/acme\/api\/pulls$/, listPullRequests],
  [/^GET \/repos\/acme\/api\/branches$/, listBranches],
  [
    /^GET \/repos\/acme\/api\/tags$/,
    (state, asked) =>
      page(
        state,
        asked,
        state.gitTags.map((name) => ({ name })),
      ),
  ],
  [
    /^GET \/repos\/acme\/api\/releases$/,
    (state, asked) =>
      page(
        state,
        asked,
        state.releases.map((name) => ({ id: 1, tag_name: name, draft: false })),
      ),
  ],
  [/^GET \/repos\/acme\/api\/commits\/([0-9a-f]+)\/pulls$/, listPullRequestsOf],
]

function graphql({ options, login }: State, { body }: Asked): Reply {
  if (options.withoutGraphql) return refused
  return posted.parse(JSON.parse(body)).query?.includes('viewer { login }')
    ? ok({ data: { viewer: { login } } })
    : ok({ errors: [{ type: 'INVALID', message: 'unknown query' }] })
}

function listComments(state: State, asked: Asked): Reply {
  if (state.options.comments === 'none') return refused
  const found = state.comments.filter(({ issue }) => issue === Number(asked.rest))
  return page(
    state,
    asked,
    found.map((comment) => commentJson(comment)),
  )
}

function createComment(state: State, { rest, body }: Asked): Reply {
  return (
    forbidden(state) ??
    invalid(body) ?? {
      status: 201,
      body: commentJson(addComment(state, Number(rest), state.login, bodyOf(body))),
    }
  )
}

function updateComment(state: State, { rest, body }: Asked): Reply {
  const comment = state.comments.find(({ id }) => id === Number(rest))
  const refusal = forbidden(state) ?? (comment === undefined ? notFound : invalid(body))
  if (refusal !== null || comment === undefined) return refusal ?? notFound
  comment.body = bodyOf(body)
  return ok(commentJson(comment))
}

function deleteComment(state: State, { rest }: Asked): Reply {
  const position = state.comments.findIndex(({ id }) => id === Number(rest))
  const refusal = forbidden(state) ?? (position === -1 ? notFound : null)
  if (refusal !== null) return refusal
  state.comments.splice(position, 1)
  return { status: 204 }
}

function listLabels(state: State, asked: Asked): Reply {
  const labels = state.labels.get(Number(asked.rest))
  if (labels === undefined) return notFound
  return page(
    state,
    asked,
    labels.map((name) => ({ id: 1, name, color: 'ededed' })),
  )
}

function compare(state: State, { rest }: Asked): Reply {
  if (state.options.contents === 'none') return refused
  const sha = state.mergeBases.get(rest)
  return sha === undefined ? notFound : ok({ status: 'diverged', merge_base_commit: { sha }, commits: [] })
}

function listPullRequests(state: State, asked: Asked): Reply {
  const [owner, ...branch] = (asked.query.get('head') ?? '').split(':')
  const wanted = asked.query.get('state') ?? 'open'
  const found = state.pullRequests.filter(
    (each) =>
      (wanted === 'all' || each.state === wanted) &&
      // a filter without a colon is no filter
      (branch.length === 0 ||
        (each.headRepository?.split('/')[0] === owner && each.headBranch === branch.join(':'))),
  )
  return page(state, asked, found.map(pullRequestJson))
}

function listBranches(state: State, asked: Asked): Reply {
  return page(
    state,
    asked,
    Array.from(state.branches, ([name, sha]) => ({ name, commit: { sha }, protected: false })),
  )
}

function listPullRequestsOf(state: State, asked: Asked): Reply {
  const found = state.pullRequests.filter(({ headSha }) => headSha === asked.rest)
  if (found.length === 0) return { status: 422, body: { message: `No commit found for SHA: ${asked.rest}` } }
  return page(state, asked, found.map(pullRequestJson))
}

export function addComment(state: State, issue: number, login: string | null, body: string): StoredComment {
  const comment = { id: (state.comments.at(-1)?.id ?? 1000) + 1, issue, login, body }
  state.comments.push(comment)
  return comment
}

function forbidden({ options }: State): Reply | null {
  return (options.comments ?? 'write') === 'write' ? null : refused
}

const posted = z.object({ body: z.string().nullish(), query: z.string().nullish() })

function bodyOf(text: string): string {
  return posted.parse(JSON.parse(text)).body ?? ''
}

function invalid(text: string): Reply | null {
  const body = bodyOf(text)
  if (body.trim() === '') return unprocessable("body can't be blank")
  return body.length > MAX_BODY ? unprocessable('body is too long (maximum is 65536 characters)') : null
}

function unprocessable(message: string): Reply {
  const errors = [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]
  return { status: 422, body: { message: 'Validation Failed', errors } }
}

function ok(body: unknown): Reply {
  return { status: 200, body }
}

/**
 * One page with links to the others, 30 entries unless asked, never more than 100; links name the id of the
 * repository.
 */
function page(state: State, { path, query }: Asked, all: readonly unknown[]): Reply {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100)
  const number = Number(query.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const link = (rel: string, target: number): string => {
    const parameters = new URLSearchParams([...query, ['page', String(target)]])
    parameters.set('page', String(target))
    return `<${state.base}${path.replace(REPOSITORY, '4711').replace('/repos/', '/repositories/')}?${parameters.toString()}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link('prev', number - 1), link('first', 1)] : []),
    ...(number < last ? [link('next', number + 1), link('last', last)] : []),
  ]
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') }
  return { status: 200, headers, body: all.slice((number - 1) * size, number * size) }
}

function commentJson({ id, issue, login, body }: StoredComment): unknown {
  const user = login === null ? null : { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
  return { id, body, user, html_url: `https://github.test/${REPOSITORY}/pull/${issue}#issuecomment-${id}` }
}

function pullRequestJson(each: StoredPullRequest): unknown {
  const repo = each.headRepository === null ? null : { full_name: each.headRepository }
  return {
    number: each.number,
    state: each.state,
    merge_commit_sha: each.mergeSha ?? null,
    head: { sha: each.headSha, ref: each.headBranch, repo },
    base: { sha: '0'.repeat(40), ref: 'main', repo: { full_name: REPOSITORY } },
  }
}
