import type { Provider } from '../names/provider.ts'
import { acr } from './acr.ts'
import { dockerHub } from './docker-hub.ts'
import { ecr } from './ecr.ts'
import { gar } from './gar.ts'
import { generic } from './generic.ts'
import { ghcr } from './ghcr.ts'
import { gitea } from './gitea.ts'
import { gitlab } from './gitlab.ts'
import { harbor } from './harbor.ts'
import { openshift } from './openshift.ts'
import { quay } from './quay.ts'
import type { LoginOffer, Vendor } from './vendor.ts'

/** What is known of each kind of registry; a provider without a vendor does not compile. */
export const VENDORS: Readonly<Record<Provider, Vendor>> = {
  generic,
  ghcr,
  'docker-hub': dockerHub,
  gar,
  acr,
  ecr,
  quay,
  gitlab,
  harbor,
  openshift,
  gitea,
}

/** What is known of the kind of registry that this one is. */
export function vendorOf({ provider }: { readonly provider: Provider }): Vendor {
  return VENDORS[provider]
}

/** RFC 1035: longer names are none, and are not matched. */
const MAX_HOST_LENGTH = 260

/**
 * The provider a host belongs to, by its name; `generic` for self-hosted ones. Asked where a registry is
 * parsed, nowhere else: everybody else reads `registry.provider`.
 */
export function detectProvider(host: string): Provider {
  if (host.length > MAX_HOST_LENGTH) return 'generic'
  const name = host.toLowerCase().replace(/:443$/, '')
  return providerWhere(({ hosts }) => hosts.some((pattern) => pattern.test(name)))
}

/** The provider that a self-hosted registry shows itself to be by the logins that it offers. */
export function recogniseProvider(offers: readonly LoginOffer[]): Provider {
  return providerWhere(({ recognises }) => recognises !== undefined && offers.some(recognises))
}

function providerWhere(fits: (vendor: Vendor) => boolean): Provider {
  for (const [provider, vendor] of Object.entries(VENDORS)) {
    if (isProvider(provider) && fits(vendor)) return provider
  }
  return 'generic'
}

function isProvider(name: string): name is Provider {
  return Object.hasOwn(VENDORS, name)
}
