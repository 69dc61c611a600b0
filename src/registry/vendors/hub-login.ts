import { createMasker } from '../../credentials/masking.ts'
import { WardenError } from '../../domain/errors.ts'
import { dockerHub } from '../../domain/vendors/docker-hub.ts'
import { parseHubLogin } from '../../wire/vendors/docker-hub.ts'
import { createVendorApi } from './api.ts'
import type { AskVendor } from './api.ts'
import type { VendorParts } from './context.ts'
import { vendorFailure } from './failures.ts'
import type { VendorExchange } from './failures.ts'

/** A session at Docker Hub's own API, one for a run. */
export interface HubSession {
  /** As whoever logged in; anonymously without a login, or where that was refused. */
  readonly ask: AskVendor
  /** The refusal to log in, if there is one: then nothing can be deleted. */
  readonly refusal: () => Promise<WardenError | null>
}

export const HUB_ADVICE = dockerHub.grants.api

/**
 * Logs in when first needed, and once more when the token has expired (ten minutes); a wrong password is not
 * tried twice.
 */
export function openHubSession(
  { send, mask, log }: Pick<VendorParts, 'send' | 'mask' | 'log'>,
  base: URL,
  login: VendorParts['login'],
): HubSession {
  const remember = createMasker(mask)
  const withoutToken = createVendorApi({ send, base, authorization: () => Promise.resolve(null) })
  let session: Promise<string | null> | null = null

  async function logIn(): Promise<string | null> {
    if (login === null) return null
    const { username, password } = login
    const purpose = `login to ${base.host}`
    let exchange = await withoutToken({
      method: 'POST',
      path: 'v2/auth/token',
      body: { identifier: username, secret: password },
      purpose,
    })
    if ([404, 405].includes(exchange.response.status)) {
      exchange = await withoutToken({
        method: 'POST',
        path: 'v2/users/login',
        body: { username, password },
        purpose,
      })
    }
    if (exchange.response.status !== 200) throw vendorFailure(exchange, HUB_ADVICE)
    const token = parseHubLogin(exchange.response.body)
    remember(token)
    return token
  }

  /** The answer to the login, also to a refused one, is kept: after some failures an account is locked. */
  const token = () => (session ??= logIn())
  let told = false
  const tokenOrNothing = async (): Promise<string | null> => {
    try {
      return await token()
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      if (!told) log.notice(error.line)
      told = true
      return null
    }
  }

  async function askOnce(question: Parameters<AskVendor>[0]): Promise<[VendorExchange, string | null]> {
    const held = await tokenOrNothing()
    const authorization = () => Promise.resolve(held === null ? null : `Bearer ${held}`)
    return [await createVendorApi({ send, base, authorization })(question), held]
  }

  return {
    ask: async (question) => {
      const current = session
      const [exchange, held] = await askOnce(question)
      if (exchange.response.status !== 401 || held === null || current === null) return exchange
      if (session === current) session = null
      return (await askOnce(question))[0]
    },
    refusal: async () => {
      if (login === null)
        return new WardenError('unauthorized', 'deleting tags of Docker Hub needs a login at its own API', {
          advice: HUB_ADVICE,
        })
      return token().then(
        () => null,
        (error: unknown) => {
          if (error instanceof WardenError) return error
          throw error
        },
      )
    },
  }
}
