import { onTestFinished } from 'vitest'
import type { Credential } from '../../src/credentials/credential.ts'
import { testClient } from './client.ts'
import type { TestClient } from './client.ts'
import { OK, challenge, scriptedRegistry } from './scripted-registry.ts'
import type { Scripted, ScriptedRegistry, Seen } from './scripted-registry.ts'

/** A token, as good as any. */
export const TOKEN = 'tok-1234567890'

/** An authenticator for the running test. */
export function client(credential: Credential): TestClient {
  const made = testClient(credential)
  onTestFinished(made.dispose)
  return made
}

/** A scripted registry for the running test. */
export async function registry(script: Parameters<typeof scriptedRegistry>[0]): Promise<ScriptedRegistry> {
  const made = await scriptedRegistry(script)
  onTestFinished(made.stop)
  return made
}

export interface TokenServer {
  /** the token a request needs; null: none */
  readonly needs: (request: Seen) => string | null
  readonly token: (request: Seen) => Scripted | Promise<Scripted>
  /** of the challenge; by default that of the repository and method */
  readonly scope?: (request: Seen) => string | null
}

/** A registry whose token server is `/token` beside it. */
export function tokenRegistry({ needs, token, scope = plainScope }: TokenServer): Promise<ScriptedRegistry> {
  return registry((request, { origin }) => {
    if (request.path === '/token') return token(request)
    const needed = needs(request)
    if (needed === null || request.authorization === `Bearer ${needed}`) return OK
    const named = scope(request)
    return challenge(
      `Bearer realm="${origin}/token",service="reg"${named === null ? '' : `,scope="${named}"`}`,
    )
  })
}

function plainScope({ path, method }: Seen): string {
  return `repository:${path.split('/').slice(2, -2).join('/')}:${method === 'DELETE' ? 'delete' : 'pull'}`
}
