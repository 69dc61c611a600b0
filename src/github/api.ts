import { WardenError } from '../domain/errors.ts'
import type { Comment } from '../domain/comment/comment.ts'
import { githubAnswers } from '../wire/github-answers.ts'
import type { ListedPullRequest } from '../wire/github-answers.ts'
import { nextPageQuery } from '../wire/link.ts'
import { createGitHubRequests } from './requests.ts'
import type { AskGitHub, GitHubOptions } from './requests.ts'

/** What this project asks of GitHub, for one repository. Every function throws WardenErrors. */
export interface GitHubApi {
  /** every comment in the conversation of a pull request, over all pages */
  readonly listComments: (pullRequest: number) => Promise<readonly Comment[]>
  readonly createComment: (pullRequest: number, body: string) => Promise<Comment>
  readonly updateComment: (id: number, body: string) => Promise<Comment>
  readonly deleteComment: (id: number) => Promise<void>
  /** names of the labels that a pull request has now */
  readonly labels: (pullRequest: number) => Promise<readonly string[]>
  /**
   * the commit where two histories part; `base` and `head` are commits or branches of this repository or its
   * forks
   */
  readonly mergeBase: (base: string, head: string) => Promise<string>
  /** open pull requests whose head is `owner:branch` */
  readonly pullRequestsFrom: (head: string) => Promise<readonly ListedPullRequest[]>
  readonly pullRequestsWith: (commit: string) => Promise<readonly ListedPullRequest[]>
  /** the login that comments written with this token have as their author */
  readonly viewer: () => Promise<string>
}

/** Who writes with the `GITHUB_TOKEN` of a workflow. */
const ACTIONS_LOGIN = 'github-actions[bot]'

const PAGE = 100
/** GitHub takes no more than 2,500 comments on a pull request. */
const MAX_PAGES = 100
const ISSUE = '/repos/{owner}/{repo}/issues'

/** Errors name what was asked; requests that write are repeated only where that does no harm. */
export function createGitHubApi(options: GitHubOptions): GitHubApi {
  const ask = createGitHubRequests(options)
  let login: Promise<string> | null = null
  return {
    ...createCommentApi(ask),
    labels: (number) =>
      eachPage(ask, 'list labels', `GET ${ISSUE}/{number}/labels`, { number }, githubAnswers.labels),
    mergeBase: async (base, head) => {
      const { data } = await ask({
        what: `compare ${base} with ${head}`,
        route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
        // the commits in between are of no interest
        parameters: { basehead: `${base}...${head}`, per_page: 1 },
      })
      return githubAnswers.mergeBase(data)
    },
    pullRequestsFrom: (head) => {
      const parameters = { head, state: 'open' }
      const route = 'GET /repos/{owner}/{repo}/pulls'
      return eachPage(ask, `list pull requests from ${head}`, route, parameters, githubAnswers.pullRequests)
    },
    pullRequestsWith: (commit) => {
      const route = 'GET /repos/{owner}/{repo}/commits/{commit}/pulls'
      return eachPage(ask, `list pull requests with ${commit}`, route, { commit }, githubAnswers.pullRequests)
    },
    viewer: () => (login ??= readViewer(ask)),
  }
}

function createCommentApi(
  ask: AskGitHub,
): Pick<GitHubApi, 'listComments' | 'createComment' | 'updateComment' | 'deleteComment'> {
  return {
    listComments: (number) =>
      eachPage(ask, 'list comments', `GET ${ISSUE}/{number}/comments`, { number }, githubAnswers.comments),
    createComment: async (number, body) => {
      const route = `POST ${ISSUE}/{number}/comments`
      const parameters = { number, body }
      // not to be repeated: an answer that was lost may have left a comment
      const { data } = await ask({ what: 'create the comment', route, parameters, repeat: 'when-refused' })
      return githubAnswers.comment(data)
    },
    updateComment: async (id, body) => {
      const route = `PATCH ${ISSUE}/comments/{id}`
      const { data } = await ask({ what: 'update the comment', route, parameters: { id, body } })
      return githubAnswers.comment(data)
    },
    deleteComment: async (id) => {
      await ask({ what: 'delete a comment', route: `DELETE ${ISSUE}/comments/{id}`, parameters: { id } })
    },
  }
}

/**
 * All pages. Their end is where no next one is named: GitHub filters after counting, so a short page may not
 * be the last.
 */
async function eachPage<T>(
  ask: AskGitHub,
  what: string,
  route: string,
  parameters: Readonly<Record<string, string | number>>,
  read: (data: unknown) => readonly T[],
): Promise<T[]> {
  const all: T[] = []
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data, link } = await ask({ what, route, parameters: { ...parameters, per_page: PAGE, page } })
    all.push(...read(data))
    if (link === null || nextPageQuery([link]) === null) return all
  }
  throw new WardenError('protocol', `GitHub: ${what}: there are more than ${MAX_PAGES} pages`)
}

/**
 * GraphQL tells every kind of token who it is: a workflow's, an app's, a person's. A workflow's token may not
 * read `/user`, so whoever is told nothing by both is taken for the workflow.
 */
async function readViewer(ask: AskGitHub): Promise<string> {
  const query = { query: 'query { viewer { login } }' }
  try {
    const { data } = await ask({ what: 'ask who we are', route: 'POST /graphql', parameters: query })
    return githubAnswers.viewer(data)
  } catch (error) {
    if (!(error instanceof WardenError) || error.kind === 'rate-limit') throw error
  }
  try {
    const { data } = await ask({ what: 'read the user', route: 'GET /user' })
    return githubAnswers.user(data)
  } catch (error) {
    if (error instanceof WardenError && ['denied', 'not-found', 'protocol'].includes(error.kind)) {
      return ACTIONS_LOGIN
    }
    throw error
  }
}
