import type { RepositoryName } from '../domain/event.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { rateLimitOf } from '../transport/rate-limit.ts'
import type { HttpResponse, Repeat, Send } from '../transport/types.ts'
import { failureOf, githubError } from './failures.ts'
import { createOctokitFetch } from './fetch.ts'
import { loadOctokit } from './octokit.ts'

export interface GitHubOptions {
  readonly send: Send
  /** `GITHUB_API_URL`; of a GitHub Enterprise server it has a path, `https://github.example/api/v3` */
  readonly apiUrl: string
  readonly token: string
  readonly repository: RepositoryName
  readonly userAgent: string
  readonly log: Log
  readonly clock: Clock
}

export interface GitHubRequest {
  /** what is asked, for errors: `list comments` */
  readonly what: string
  /** octokit's template, `GET /repos/{owner}/{repo}/issues/{number}/labels`; it encodes what it fills in */
  readonly route: string
  readonly parameters?: Readonly<Record<string, string | number>>
  /** default `always`: what is written here says what should be, so that twice is as good as once */
  readonly repeat?: Repeat
}

export interface GitHubAnswer {
  readonly data: unknown
  readonly link: string | null
}

/** Sends one request to GitHub's API, to the repository of this run; errors are WardenErrors. */
export type AskGitHub = (request: GitHubRequest) => Promise<GitHubAnswer>

/** Requests as octokit writes them (address, authorization, encoding), sent by the transport. */
export function createGitHubRequests(options: GitHubOptions): AskGitHub {
  const { send, apiUrl, token, repository, userAgent, log, clock } = options
  const open = async () => {
    const getOctokit = await loadOctokit()
    return getOctokit(token, {
      baseUrl: apiUrl.replace(/\/+$/, ''),
      userAgent,
      // deprecations would go to the console
      log: { debug: ignore, info: ignore, warn: log.debug, error: log.debug },
    })
  }
  let opened: ReturnType<typeof open> | null = null
  return async ({ what, route, parameters, repeat = 'always' }) => {
    let answer: HttpResponse | null = null
    const fetch = createOctokitFetch(send, `GitHub: ${what}`, repeat, (response) => {
      answer = response
    })
    try {
      const octokit = await (opened ??= open())
      const { data, headers } = await octokit.request(routeAt(apiUrl, route), {
        // a parameter that the template does not name would be sent
        ...(route.includes('{owner}/{repo}') ? { owner: repository.owner, repo: repository.name } : {}),
        ...parameters,
        request: { fetch },
      })
      return { data: data as unknown, link: headers.link ?? null }
    } catch (error) {
      const isLimit = answer !== null && rateLimitOf(answer, 'github', clock()) !== null
      throw githubError(what, failureOf(error), isLimit)
    }
  }
}

/** GitHub Enterprise has GraphQL beside `/api/v3`, not below it. */
function routeAt(apiUrl: string, route: string): string {
  if (route !== 'POST /graphql' || !/\/api\/v3\/*$/.test(apiUrl)) return route
  return `POST ${apiUrl.replace(/\/v3\/*$/, '')}/graphql`
}

function ignore(): void {}
