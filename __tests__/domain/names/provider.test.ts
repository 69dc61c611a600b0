import { expect, it } from 'vitest'
import { detectProvider } from '../../../src/domain/vendors/vendors.ts'

it.each([
  ['docker.io', 'docker-hub'],
  ['index.docker.io', 'docker-hub'],
  ['registry-1.docker.io', 'docker-hub'],
  ['ghcr.io', 'ghcr'],
  ['GHCR.IO', 'ghcr'],
  ['ghcr.io:443', 'ghcr'],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'ecr'],
  ['public.ecr.aws', 'ecr'],
  ['europe-west1-docker.pkg.dev', 'gar'],
  ['gcr.io', 'gar'],
  ['eu.gcr.io', 'gar'],
  ['acme.azurecr.io', 'acr'],
  ['acme.azurecr.cn', 'acr'],
  ['acme.eastus.data.azurecr.io', 'acr'],
  ['quay.io', 'quay'],
  ['registry.gitlab.com', 'gitlab'],
  ['demo.goharbor.io', 'harbor'],
  ['default-route-openshift-image-registry.apps.acme.example', 'openshift'],
  ['image-registry.openshift-image-registry.svc:5000', 'openshift'],
])('%s is %s', (host, provider) => {
  expect(detectProvider(host)).toBe(provider)
})

it.each([
  '1.dkr.ecr.x.amazonaws.com.evil.example',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example',
  'evil-123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  'notghcr.io',
  'ghcr.io.evil.example',
  'ghcr.io:8443',
  'xgcr.io',
  'gcr.io.evil.example',
  'azurecr.io',
  'acme.azurecr.io.evil.example',
  'quay.io.example',
  'localhost:5000',
  '',
  `${'a.'.repeat(50_000)}azurecr.io`,
])('%.60s is generic', (host) => {
  expect(detectProvider(host)).toBe('generic')
})
