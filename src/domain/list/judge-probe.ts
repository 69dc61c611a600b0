import type { WardenError } from '../errors.ts'
import type { LoginOffer } from '../vendors/vendor.ts'
import { vendorOf } from '../vendors/vendors.ts'
import type { Check, CheckName, CheckVerdict } from './check.ts'
import type { RepositoryGrants, HttpProbe, PingAnswer, RegistryProbe } from './probe.ts'

/** How certificates are looked at for this registry. */
export interface TrustInputs {
  /** input `insecure` concerns it */
  readonly insecure: boolean
}

type Answered = Extract<PingAnswer, { kind: 'answered' }>

const LOOPBACK = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/

/** What an answer means, up to the first thing that is wrong. */
export function judgeProbe(probe: RegistryProbe, trust: TrustInputs): Check[] {
  const { host } = probe.registry
  if (probe.kind === 'folder') return [line('reachable', 'pass', 'the storage folder can be read')]
  const { ping } = probe
  if (ping.kind === 'silent') return silence(probe, ping)
  const reachable = line('reachable', 'pass', `${host} answers (${ping.status})`)
  const version = apiVersion(probe, ping)
  const checks = [reachable, tlsCheck(probe, trust), version]
  return version.verdict === 'fail' ? checks : [...checks, ...credentials(probe)]
}

function silence({ registry: { host, origin } }: HttpProbe, ping: Extract<PingAnswer, { kind: 'silent' }>) {
  const { error, speaksTls } = ping
  if (speaksTls) {
    return [
      line('reachable', 'pass', `${host} answers`),
      line(
        'tls',
        'fail',
        `${host} speaks TLS, and was asked in plain HTTP. Write registry: https://${host}, with ca-file for a private authority`,
      ),
    ]
  }
  if (error.kind !== 'tls') return [line('reachable', 'fail', error.line)]
  const advice = origin.startsWith('https:') && /does not speak TLS/.test(error.message)
  return [
    line('reachable', 'pass', `${host} answers`),
    line(
      'tls',
      'fail',
      advice
        ? `${host} answers in plain HTTP, and was asked over TLS. Write registry: http://${host}`
        : error.line,
    ),
  ]
}

function tlsCheck({ registry: { host, origin } }: HttpProbe, { insecure }: TrustInputs): Check {
  if (origin.startsWith('https:')) {
    return insecure
      ? line(
          'tls',
          'warn',
          `the certificate of ${host} is not checked, as insecure: true asks; prefer ca-file`,
        )
      : line('tls', 'pass', `the certificate of ${host} is trusted`)
  }
  return LOOPBACK.test(host)
    ? line('tls', 'pass', `plain HTTP, which does not leave this machine`)
    : line('tls', 'warn', `plain HTTP: anyone on the way to ${host} can read passwords and change images`)
}

const NOT_HERE = 'Check host and port'

function apiVersion({ registry: { host } }: HttpProbe, ping: Answered): Check {
  const { status, isHtml, apiVersion: said, redirectedTo } = ping
  const fail = (message: string): Check => line('api-version', 'fail', message)
  if (redirectedTo !== null && (isHtml || status >= 400)) {
    return fail(
      `${host} redirects to ${redirectedTo}, which is ${isHtml ? 'a web page' : 'no registry'}: a login page? ` +
        'A proxy in front of a registry must let /v2/ through without its own login',
    )
  }
  if (isHtml && status < 400) {
    return fail(
      `${host} answers /v2/ with a web page, so it is not a registry. ${NOT_HERE}; the registry may have a host name of its own`,
    )
  }
  if (said !== null && !/\bregistry\/2\.\d+/i.test(said)) {
    return fail(
      `${host} says it speaks ${said}, and only registry/2.0 is spoken here. Update the registry, or check that no proxy changes the header Docker-Distribution-Api-Version`,
    )
  }
  if (status === 404 || status === 410) {
    return fail(
      `${host} is not a registry: it has no /v2/ (${status}). ${NOT_HERE}: Artifactory, Nexus and GitLab often serve it on another port or host name than their web pages`,
    )
  }
  if (status >= 500)
    return fail(`${host} answers /v2/ with ${status}. The registry is at fault; run again later`)
  if (isHtml && status !== 401 && status !== 403)
    return fail(`${host} answers /v2/ with a web page (${status}). ${NOT_HERE}`)
  if (status >= 300 && status !== 401 && status !== 403) {
    return fail(`${host} answers /v2/ with ${status}, as no registry does. ${NOT_HERE}`)
  }
  return line(
    'api-version',
    'pass',
    said === null ? `${host} answers as a registry of version 2 does` : `${host} speaks registry/2.0`,
  )
}

/** Whatever looks wrong about a login that was refused: by status and by whose token server it is. */
function credentials({ registry, ping, login }: HttpProbe): Check[] {
  if (login === null || ping.kind === 'silent') return []
  const { host } = registry
  if (login.kind === 'not needed') {
    return [
      line(
        'credentials',
        'pass',
        login.isAnonymous
          ? `${host} asks for no login`
          : `${host} asks for no login here, so the credentials were not tried`,
      ),
    ]
  }
  if (login.kind === 'accepted') {
    return [line('credentials', 'pass', `${host} takes the login ${login.who}${by(ping.offers)}`)]
  }
  return [
    line(
      'credentials',
      login.isAnonymous ? 'warn' : 'fail',
      refusedWords(login, ping, vendorOf(registry).title),
    ),
  ]
}

/** What the other checks say where a refused anonymous login turned out not to matter, or to be the end. */
export function settleAnonymous(check: Check, host: string, couldRead: boolean): Check {
  if (check.check !== 'credentials' || check.verdict !== 'warn') return check
  return couldRead
    ? line(
        'credentials',
        'pass',
        `${host} lets anyone read what was asked for, and wants a login for the rest`,
      )
    : { ...check, verdict: 'fail' }
}

function by(offers: readonly LoginOffer[]): string {
  const bearer = offers.find(({ scheme }) => scheme === 'bearer')
  if (bearer === undefined) return offers.some(({ scheme }) => scheme === 'basic') ? ', by Basic' : ''
  const realm = URL.parse(bearer.realm)
  return realm === null ? ', by token' : `, by a token of ${realm.host}`
}

function refusedWords(
  { error, isAnonymous }: { readonly error: WardenError; readonly isAnonymous: boolean },
  ping: Answered,
  title: string,
): string {
  const hint = realmHint(ping.offers, title, isAnonymous)
  if (ping.status === 403) {
    return `${error.message}. The address of this runner, or everyone without a login, is shut out: check firewall and allow lists, or log in`
  }
  return hint === null ? error.line : `${error.line}. ${hint}`
}

/** Token servers that are known by their address, where what they take is not obvious. */
function realmHint(offers: readonly LoginOffer[], title: string, isAnonymous: boolean): string | null {
  const realms = offers.filter(({ scheme }) => scheme === 'bearer').map(({ realm }) => realm)
  if (realms.some((realm) => realm.endsWith('/openshift/token'))) {
    return 'This is OpenShift: the password is an API token (oc whoami -t, or that of a service account), the user name is any'
  }
  if (realms.some((realm) => realm.endsWith('/image-manager/api/v1/auth/token'))) {
    return 'This is IBM Cloud Private: its token server, mostly on port 8600, takes the user name and password of the cluster, and the runner must reach it and trust its certificate (ca-file)'
  }
  // who gave a user name and a password knows that
  if (isAnonymous && realms.length === 0 && offers.some(({ scheme }) => scheme === 'basic')) {
    return `The registry takes user name and password (Basic)${title === 'Any other registry' ? '' : `; it is ${title}`}`
  }
  return null
}

/** What the token for one repository allows; `path` is that repository. */
export function judgeGrants(host: string, path: string, grants: RepositoryGrants): Check {
  if (grants.kind === 'unknown') {
    const words = {
      'no login': `${host} asks for no login: anyone who can reach it may do all that it allows`,
      basic: `${host} takes Basic, which does not say what the login may do; reading ${path} works`,
      folder: 'a storage folder has no login: whoever may write its files may delete in it',
      opaque: `the tokens for ${host} cannot be read, so only trying tells; reading ${path} works`,
    }
    return line('permissions', 'pass', words[grants.why])
  }
  const { actions } = grants
  if (actions.length === 0) {
    return line(
      'permissions',
      'warn',
      `the token for ${host}/${path} names no permission, though reading works`,
    )
  }
  const all = actions.includes('*') ? 'everything (*)' : actions.join(', ')
  const mayDelete = actions.includes('*') || actions.includes('delete')
  const lacks = mayDelete ? '' : '; prune needs the permission to delete'
  return line('permissions', 'pass', `the token for ${host}/${path} allows ${all}${lacks}`)
}

/** `message` names the registry, and what to do where it is not green. */
export function line(check: CheckName, verdict: CheckVerdict, message: string): Check {
  return { check, verdict, message }
}
