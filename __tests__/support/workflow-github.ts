import { text } from 'node:stream/consumers'
import { serve, type Served } from './loopback.ts'
import type { Permissions } from './workflow-document.ts'

type Scope = keyof Permissions

/** What GitHub asks of a job's token, by "Permissions required for GitHub Apps" in its documentation. */
const RULES: readonly (readonly [RegExp, Scope, 'read' | 'write'])[] = [
  [/^GET \/repos\/[^/]+\/[^/]+\/issues\/\d+\/(?:comments|labels)$/, 'pull-requests', 'read'],
  [/^(?:POST|PATCH|DELETE) \/repos\/[^/]+\/[^/]+\/issues\/.*comments/, 'pull-requests', 'write'],
  [/^GET \/repos\/[^/]+\/[^/]+\/pulls$/, 'pull-requests', 'read'],
  [/^GET \/repos\/[^/]+\/[^/]+\/commits\/[^/]+\/pulls$/, 'pull-requests', 'read'],
  [/^GET \/repos\/[^/]+\/[^/]+\/compare\//, 'contents', 'read'],
  [/^GET \/repos\/[^/]+\/[^/]+\/(?:branches|tags|releases)$/, 'contents', 'read'],
  [/^GET \/(?:orgs|users)\/[^/]+\/packages(?:\/|$)/, 'packages', 'read'],
  [/^DELETE \/(?:orgs|users)\/[^/]+\/packages\//, 'packages', 'write'],
]

const LEVELS = ['none', 'read', 'write']

export function grants(permissions: Permissions, scope: Scope, level: 'read' | 'write'): boolean {
  return LEVELS.indexOf(permissions[scope] ?? 'none') >= LEVELS.indexOf(level)
}

/**
 * Whether a token with these permissions may send the request. What has no rule here is open to every token.
 */
export function mayAsk(permissions: Permissions, method: string, path: string): boolean {
  const rule = RULES.find(([pattern]) => pattern.test(`${method} ${path}`))
  return rule === undefined || grants(permissions, rule[1], rule[2])
}

/**
 * One address for all of GitHub's API, as a runner names it, that looks at permissions before it passes a
 * request on.
 */
export async function servePermitted(
  upstream: { readonly github: string; readonly packages: string },
  allowed: (method: string, path: string) => boolean,
): Promise<Served> {
  return serve(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const path = new URL(url, 'http://api').pathname
    if (!allowed(method, path)) {
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Resource not accessible by integration' }))
      return
    }
    const body = await text(request)
    const answer = await fetch(
      (/^\/(?:orgs|users)\//.test(path) ? upstream.packages : upstream.github) + url,
      {
        method,
        headers: {
          authorization: headers.authorization ?? '',
          'user-agent': headers['user-agent'] ?? '',
          accept: headers.accept ?? '*/*',
        },
        ...(body === '' ? {} : { body }),
      },
    )
    const passed = ['content-type', 'link', 'x-ratelimit-remaining'].flatMap((name) => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    response.writeHead(answer.status, Object.fromEntries(passed)).end(Buffer.from(await answer.arrayBuffer()))
  })
}
