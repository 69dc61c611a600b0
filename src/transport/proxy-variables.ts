type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']

/**
 * The variables that name a proxy in a way that `@actions/http-client` takes for none at all, so that
 * requests would go past it without a word: most often a `%` in a password that is not written `%25`.
 */
export function unreadableProxies(env: Environment): string[] {
  return NAMES.filter((name) => {
    const text = env[name] ?? ''
    return /^https?:\/\//.test(text) && !isReadable(text)
  })
}

function isReadable(text: string): boolean {
  try {
    const { username, password } = new URL(text)
    decodeURIComponent(username)
    decodeURIComponent(password)
    return true
  } catch {
    return false
  }
}
