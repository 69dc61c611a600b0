import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { addComment, answerTo, notFound } from './github-routes.ts'
import type { State } from './github-routes.ts'
import { serve, type Served } from './loopback.ts'

/** How a token may act, as GitHub grants it to a job. */
export type Permission = 'write' | 'read' | 'none'

/** Whose the token is. A workflow's and an app's may not read `/user`. */
export type TokenKind = 'actions' | 'app' | 'user'

export interface GitHubApiOptions {
  /** path of `GITHUB_API_URL`; `/api/v3` as on GitHub Enterprise puts GraphQL at `/api/graphql` */
  readonly path?: string
  readonly token?: string
  readonly tokenKind?: TokenKind
  /** author of what the token writes */
  readonly login?: string
  /** on the comments of pull requests */
  readonly comments?: Permission
  /** on the repository's contents, for comparisons */
  readonly contents?: Permission
  /** GraphQL is switched off, or closed to this token */
  readonly withoutGraphql?: boolean
  /** sees every request first and may answer in its place */
  readonly intercept?: (request: SeenRequest) => Answer | null
  /** what every answer waits for */
  readonly delay?: () => Promise<unknown>
}

export interface SeenRequest {
  readonly method: string
  /** without the path of the API */
  readonly path: string
  readonly query: URLSearchParams
  /** from 1 */
  readonly number: number
}

/**
 * `hang-up`: the connection ends without an answer; `hang-up-after`: so too, but the request was carried out.
 */
export type Answer = Reply | 'hang-up' | 'hang-up-after'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface StoredComment {
  readonly id: number
  readonly issue: number
  readonly login: string | null
  body: string
}

export interface StoredPullRequest {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly headSha: string
  readonly headBranch: string
  /** null: that repository is deleted */
  readonly headRepository: string | null
  readonly mergeSha?: string
}

/** GitHub's REST and GraphQL API for one repository, `acme/api`, in memory: what this project asks of it. */
export interface GitHubServer extends Served {
  /** `GITHUB_API_URL` */
  readonly apiUrl: string
  readonly token: string
  readonly comments: StoredComment[]
  readonly labels: Map<number, string[]>
  readonly pullRequests: StoredPullRequest[]
  /** `base...head` → merge base */
  readonly mergeBases: Map<string, string>
  /** name → commit */
  readonly branches: Map<string, string>
  readonly gitTags: string[]
  /** the tags of releases */
  readonly releases: string[]
  /** `METHOD /path?query status` of every request, without the path of the API, in order */
  readonly log: string[]
  readonly addComment: (issue: number, login: string | null, body: string) => StoredComment
}

const LOGINS: Record<TokenKind, string> = { actions: 'github-actions[bot]', app: 'size[bot]', user: 'alice' }

export async function startGitHubApi(options: GitHubApiOptions = {}): Promise<GitHubServer> {
  const { path = '', token = 'ghs_test', tokenKind = 'actions' } = options
  const state: State = {
    options,
    token,
    tokenKind,
    login: options.login ?? LOGINS[tokenKind],
    base: '',
    comments: [],
    labels: new Map(),
    pullRequests: [],
    mergeBases: new Map(),
    branches: new Map(),
    gitTags: [],
    releases: [],
  }
  const log: string[] = []
  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api')
    const body = await text(request)
    const inside = pathInside(path, url.pathname)
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: inside ?? url.pathname,
      query: url.searchParams,
      number: log.length + 1,
    }
    const position = log.push(`${seen.method} ${seen.path}${url.search}`) - 1
    const forced = options.intercept?.(seen) ?? null
    await options.delay?.()
    const honest = (): Reply => (inside === null ? notFound : answerTo(state, seen, request, body))
    const answer = forced === null || forced === 'hang-up-after' ? honest() : forced
    if (answer === 'hang-up' || forced === 'hang-up-after') {
      response.destroy()
    } else {
      log[position] += ` ${answer.status}`
      send(response, answer)
    }
  })
  state.base = `${served.origin}${path}`
  return {
    ...served,
    apiUrl: state.base,
    token,
    comments: state.comments,
    labels: state.labels,
    pullRequests: state.pullRequests,
    mergeBases: state.mergeBases,
    branches: state.branches,
    gitTags: state.gitTags,
    releases: state.releases,
    log,
    addComment: (issue, login, body) => addComment(state, issue, login, body),
  }
}

/** A path without that of the API; null outside of it. GitHub Enterprise has GraphQL beside `/api/v3`. */
function pathInside(api: string, path: string): string | null {
  if (path === (api === '/api/v3' ? '/api/graphql' : `${api}/graphql`)) return '/graphql'
  return path.startsWith(`${api}/`) ? path.slice(api.length) : null
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'x-ratelimit-remaining': '4999',
    ...headers,
  })
  response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
}
