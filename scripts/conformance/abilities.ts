import { orasSbom } from '../../__tests__/support/artifacts.ts'
import { layer } from '../../__tests__/support/blobs.ts'
import { image, index, type BuiltImage } from '../../__tests__/support/images.ts'
import { described, type PlainClient } from './plain-client.ts'
import { can, type Row } from './row.ts'

/** What the registry does, found out by plain requests on images that nothing else needs. */
export interface Abilities {
  readonly rows: readonly Row[]
  readonly referrersApi: boolean
  /** deletes work, and do what the distribution spec says: a red prune needs another reason */
  readonly deletesAsSpecified: boolean
  /** a digest can be deleted */
  readonly deletes: boolean
  /** images to clean up */
  readonly probes: readonly BuiltImage[]
}

/** Throws when the registry takes no push: nothing can be tried then. */
export async function findAbilities(client: PlainClient, seed: string): Promise<Abilities> {
  const probe = (name: string): BuiltImage => image([layer(`${seed} probe ${name}`, 700)])
  const probes = {
    names: probe('names'),
    tags: probe('tags'),
    parent: index([probe('child')]),
    again: probe('again'),
  }
  const pushed = await client.push(probes.names, 'probe-names')
  if (pushed.status >= 300) throw new Error(`the registry takes no push: ${described(pushed)}`)
  const sbom = orasSbom(`${seed} probe sbom`, 700, probes.names)
  const reads = await readAbilities(client, probes.names, sbom)
  const tags = await tagDeletes(client, probes.tags)
  const digests = await digestDeletes(client, probes.parent)
  const cased = await client.push(probes.again, 'Probe-Case')
  const listed = await client.tags()
  const keepsCase = cased.status < 300 && listed.includes('Probe-Case')
  return {
    rows: [...reads.rows, can('keeps the case of tags', keepsCase), ...tags.rows, ...digests.rows],
    referrersApi: reads.referrersApi,
    deletes: digests.works,
    deletesAsSpecified: digests.asSpecified && tags.asSpecified,
    probes: [...Object.values(probes), sbom],
  }
}

async function readAbilities(client: PlainClient, probe: BuiltImage, sbom: BuiltImage) {
  const digest = probe.manifest.digest
  const head = await client.ask('HEAD', 'manifests/probe-names', {
    headers: { accept: probe.manifest.mediaType },
  })
  const byDigest = await client.putManifest(probe.manifest, digest)
  const [config] = probe.blobs
  const range = await client.ask('GET', `blobs/${config?.digest}`, { headers: { range: 'bytes=0-0' } })
  const catalog = await client.ask('GET', '/v2/_catalog?n=1')
  const attached = await client.push(sbom)
  const referrers = await client.ask('GET', `referrers/${digest}`)
  const referrersApi = referrers.status === 200 && referrers.body.toString().includes(sbom.manifest.digest)
  const rows = [
    can('HEAD of a manifest names its digest', head.headers.has('docker-content-digest'), described(head)),
    can('takes a manifest by its digest', byDigest.status < 300, described(byDigest)),
    can('reads a part of a blob', range.status === 206, described(range)),
    can('lists its repositories', catalog.status === 200, described(catalog)),
    can('takes a manifest with a subject', attached.status < 300, described(attached)),
    can('lists referrers', referrersApi, described(referrers)),
  ]
  return { rows, referrersApi }
}

async function tagDeletes(client: PlainClient, probe: BuiltImage) {
  const { digest } = probe.manifest
  await client.push(probe, 'probe-one', 'probe-two')
  const first = await client.ask('DELETE', 'manifests/probe-one')
  const isGone = (await client.digestOf('probe-one')) === null
  const sibling = (await client.digestOf('probe-two')) !== null
  const works = first.status < 300 && isGone && sibling
  const detail =
    first.status >= 300
      ? described(first)
      : isGone
        ? sibling
          ? ''
          : 'takes the other tags along'
        : 'says yes, does nothing'
  const rows = [can('removes one tag of two', works, detail)]
  if (works) {
    await client.ask('DELETE', 'manifests/probe-two')
    const stays = (await client.digestOf(digest)) !== null
    rows.push(can('keeps a manifest that lost its last tag', stays, stays ? '' : 'its names hold it'))
  }
  return { rows, asSpecified: works || first.status >= 300 }
}

async function digestDeletes(client: PlainClient, parent: BuiltImage) {
  const [child] = parent.manifests
  const [blob] = parent.blobs
  await client.push(parent, 'probe-index', 'probe-index-2')
  const answer = await client.ask('DELETE', `manifests/${parent.manifest.digest}`)
  const isGone = (await client.digestOf(parent.manifest.digest)) === null
  const tagGone = (await client.digestOf('probe-index')) === null
  const childStays = child === undefined || (await client.digestOf(child.digest)) !== null
  const works = answer.status < 300 && isGone
  const detail = answer.status >= 300 ? described(answer) : isGone ? '' : 'says yes, does nothing'
  const rows = [can('deletes a digest with two tags', works, detail)]
  if (works) {
    rows.push(can('its tags go with it', tagGone), can('its children stay', childStays))
    if (child) await client.ask('DELETE', `manifests/${child.digest}`)
    const blobStays = blob !== undefined && (await client.hasBlob(blob.digest))
    rows.push(can('keeps blobs until it collects garbage', blobStays))
    const back = child && (await client.putManifest(child, child.digest))
    rows.push(
      can('takes a deleted manifest back', back !== undefined && back.status < 300, back && described(back)),
    )
  }
  return { rows, works, asSpecified: works && tagGone && childStays }
}
