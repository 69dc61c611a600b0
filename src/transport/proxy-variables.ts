import type { Environment } from '../domain/environment.ts'

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']

/**
 * The variables whose proxy cannot be used, so that requests go past it: most often for a `%` in a password
 * that is not written `%25`.
 */
export function unreadableProxies(env: Environment): string[] {
  return NAMES.filter((name) => {
    const text = env[name] ?? ''
    return /^https?:\/\//.test(text) && !isReadable(text)
  })
}

/** Whether text is a URL whose user and password are encoded as they should be. */
export function isReadable(text: string): boolean {
  try {
    const { username, password } = new URL(text)
    decodeURIComponent(username)
    decodeURIComponent(password)
    return true
  } catch {
    return false
  }
}
