import { inputError } from '../errors.ts'
import { registryAt, withoutUserinfo } from './registry.ts'

const MAX_LENGTH = 1000
const ACCEPTED = 'Write the base of the API, such as https://gitlab.example/api/v4'

/**
 * Parses the base address of an API that credentials are sent to: TLS, or a loopback host.
 * @returns the address without a slash at its end
 * @throws WardenError of kind `input`; its message never repeats userinfo
 */
export function parseApiUrl(text: string, input: string): URL {
  const refuse = (accepted: string) => inputError(input, withoutUserinfo(text), accepted)
  const url = text.length > MAX_LENGTH ? null : URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) throw refuse(ACCEPTED)
  if (url.username !== '' || url.password !== '') throw refuse(`It holds no credentials. ${ACCEPTED}`)
  if (url.search !== '' || url.hash !== '') throw refuse(`It has no query or fragment. ${ACCEPTED}`)
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw refuse('Credentials are sent to it, so it must be https, save on a loopback host')
  }
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

function isLoopback(url: URL): boolean {
  return registryAt(url.host, null)?.origin.startsWith('http:') === true
}
