import { setTimeout as delay } from 'node:timers/promises'
import { getOctokit } from '@actions/github'
import type { RepositoryName } from '../domain/event.ts'
import type { Log } from '../domain/ports.ts'
import { failureOf, githubError, isPassing, limitWait } from './failures.ts'
import type { Failure } from './failures.ts'

export interface GitHubOptions {
  /** `GITHUB_API_URL`; of a GitHub Enterprise server it has a path, `https://github.example/api/v3` */
  readonly apiUrl: string
  readonly token: string
  readonly repository: RepositoryName
  readonly userAgent: string
  readonly log: Log
  /** milliseconds since 1970 */
  readonly clock: () => number
  readonly sleep?: (milliseconds: number) => Promise<unknown>
  readonly limits?: Partial<RequestLimits>
}

export interface RequestLimits {
  /** attempts of one request, the first included */
  readonly attempts: number
  /**
   * longest single wait for a rate limit; a longer one is given up at once: a comment is not worth an hour of
   * a runner
   */
  readonly maxWait: number
  /** time for one attempt, the body included */
  readonly timeout: number
  /** wait before the second attempt after an error of the server; doubles each time */
  readonly backoff: number
}

const LIMITS: RequestLimits = { attempts: 4, maxWait: 60_000, timeout: 30_000, backoff: 500 }

export interface GitHubRequest {
  /** what is asked, for errors: `list comments` */
  readonly what: string
  /** octokit's template, `GET /repos/{owner}/{repo}/issues/{number}/labels`; it encodes what it fills in */
  readonly route: string
  readonly parameters?: Readonly<Record<string, string | number>>
  /** whether it may be sent again when nobody knows if it was carried out */
  readonly repeatable?: boolean
}

export interface GitHubAnswer {
  readonly data: unknown
  readonly link: string | null
}

/** Sends one request to GitHub's API, to the repository of this run; errors are WardenErrors. */
export type AskGitHub = (request: GitHubRequest) => Promise<GitHubAnswer>

/**
 * Requests through octokit, which brings the address, proxies, authorization and encoding; waits and
 * repetitions are decided here, by GitHub's rules for its primary and secondary limits.
 */
export function createGitHubRequests(options: GitHubOptions): AskGitHub {
  const { apiUrl, token, repository, userAgent, log } = options
  const sleep = options.sleep ?? delay
  const limits = { ...LIMITS, ...options.limits }
  const octokit = getOctokit(token, {
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent,
    // deprecations would go to the console
    log: { debug: ignore, info: ignore, warn: log.debug, error: log.debug },
  })

  async function attempt({ route, parameters }: GitHubRequest): Promise<GitHubAnswer> {
    const { data, headers } = await octokit.request(routeAt(apiUrl, route), {
      // a parameter that the template does not name would be sent
      ...(route.includes('{owner}/{repo}') ? { owner: repository.owner, repo: repository.name } : {}),
      ...parameters,
      request: { signal: AbortSignal.timeout(limits.timeout) },
    })
    return { data: data as unknown, link: headers.link ?? null }
  }

  function waitAfter(failure: Failure, attempts: number, repeatable: boolean): number | null {
    if (attempts >= limits.attempts) return null
    const limited = limitWait(failure, options.clock())
    if (limited !== null) return limited <= limits.maxWait ? limited : null
    return isPassing(failure) && repeatable ? limits.backoff * 2 ** (attempts - 1) : null
  }

  return async (request) => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(request)
      } catch (error) {
        const failure = failureOf(error)
        const wait = waitAfter(failure, attempts, request.repeatable ?? true)
        if (wait === null) throw githubError(request.what, failure, limitWait(failure, options.clock()))
        log.info(`GitHub: ${request.what}: ${failure.message}; asking again in ${Math.ceil(wait / 1000)} s`)
        await sleep(wait)
      }
    }
  }
}

/** GitHub Enterprise has GraphQL beside `/api/v3`, not below it. */
function routeAt(apiUrl: string, route: string): string {
  if (route !== 'POST /graphql' || !/\/api\/v3\/*$/.test(apiUrl)) return route
  return `POST ${apiUrl.replace(/\/v3\/*$/, '')}/graphql`
}

function ignore(): void {}
