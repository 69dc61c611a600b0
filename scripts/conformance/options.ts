import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

/** What to examine, and as whom. */
export interface Options {
  /** as the action's input `registry` takes it */
  readonly registry: string
  /** where plain requests go, e.g. `https://registry.example` */
  readonly origin: string
  readonly repository: string
  readonly username: string
  readonly password: string
  readonly provider: string
}

export const USAGE = `usage: npm run conformance -- --registry URL [--username NAME] [--repository NAME] [--provider NAME]

Pushes a fixed set of small images into a repository that does not exist yet, measures and prunes them with
dist/index.js, checks the outcome by plain requests, and removes what it pushed.

  --registry URL     the registry: https://registry.example, http://127.0.0.1:5000
  --username NAME    the password is read from CONFORMANCE_PASSWORD, or else from standard input
  --repository NAME  a repository that does not exist yet; default registry-warden-conformance/<random>.
                     Where a path begins with an account, such as on Docker Hub and Gitea, it has to be given
  --provider NAME    the action's input provider; default auto

Certificates of your own: NODE_EXTRA_CA_CERTS=ca.pem. Exit code: 0 all right, 1 something was wrong,
2 nothing could be tried.`

/** Reads the command line; `readPassword` is asked only when a user name has no password beside it. */
export async function parseOptions(
  parameters: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readPassword: () => Promise<string>,
): Promise<Options> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      registry: { type: 'string' },
      username: { type: 'string', default: '' },
      repository: { type: 'string' },
      provider: { type: 'string', default: 'auto' },
    },
  })
  if (!values.registry) throw new Error(`--registry is missing\n\n${USAGE}`)
  const password =
    values.username === ''
      ? ''
      : (env['CONFORMANCE_PASSWORD'] ?? (await readPassword()).replace(/\r?\n$/, ''))
  return {
    registry: values.registry,
    origin: originOf(values.registry),
    repository: values.repository ?? `registry-warden-conformance/${randomBytes(4).toString('hex')}`,
    username: values.username,
    password,
    provider: values.provider,
  }
}

function originOf(registry: string): string {
  const loopback = /^(?:localhost|127\.[\d.]+)(?::\d+)?$/.test(registry)
  const { origin, protocol, host } = new URL(
    /^https?:\/\//.test(registry) ? registry : `${loopback ? 'http' : 'https'}://${registry}`,
  )
  // the API of docker.io has a host of its own
  return host === 'docker.io' ? `${protocol}//registry-1.docker.io` : origin
}
