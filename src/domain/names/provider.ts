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
  'gitea',
] as const

export type Provider = (typeof PROVIDERS)[number]
