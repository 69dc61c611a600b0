/** The kinds of registry whose limits and habits differ (input `provider`, without `auto`). */
export const PROVIDERS = [
  'generic',
  'ghcr',
  'docker-hub',
  'gar',
  'acr',
  'ecr',
  'quay',
  'gitlab',
  'harbor',
  'openshift',
] as const

export type Provider = (typeof PROVIDERS)[number]

/** Anchored at both ends: an unanchored ECR pattern also fits `1.dkr.ecr.x.amazonaws.com.evil.example`. */
const HOSTS: readonly (readonly [Provider, RegExp])[] = [
  ['docker-hub', /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)$/],
  ['ghcr', /^ghcr\.io$/],
  ['ecr', /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/],
  ['ecr', /^public\.ecr\.aws$/],
  ['gar', /^[a-z0-9-]+-docker\.pkg\.dev$/],
  ['gar', /^(?:[a-z0-9-]+\.)?gcr\.io$/],
  ['acr', /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.azurecr\.(?:io|cn|us)$/],
  ['quay', /^quay\.io$/],
  ['gitlab', /^registry\.gitlab\.com$/],
  ['harbor', /^demo\.goharbor\.io$/],
  ['openshift', /^default-route-openshift-image-registry\.[a-z0-9.-]+$/],
  ['openshift', /^image-registry\.openshift-image-registry\.svc(?:\.cluster\.local)?(?::5000)?$/],
]

/** RFC 1035: longer names are none, and are not matched. */
const MAX_HOST_LENGTH = 260

/**
 * The provider a host belongs to, by its name; `generic` for self-hosted ones.
 * For hints and limits only, never to choose which credential to send.
 */
export function detectProvider(host: string): Provider {
  if (host.length > MAX_HOST_LENGTH) return 'generic'
  const name = host.toLowerCase().replace(/:443$/, '')
  return HOSTS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'generic'
}
