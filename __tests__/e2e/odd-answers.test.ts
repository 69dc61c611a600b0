import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blob, layer } from '../support/blobs.ts'
import { startDockerRegistry } from '../support/docker-registry.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions, Exchange } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { assemble, descriptorOf, image, index, json } from '../support/images.ts'
import { push } from '../support/push.ts'
import { runAction } from '../support/run-action.ts'

const REPOSITORY = 'acme/api'
const LOGIN = { username: 'ci-bot', password: 'swordfish-4711' }
const [one, two] = ['one', 'two'].map((name) => image([layer(name, 2_000)]))
const child = image([layer('child', 1_000)])

async function serve(options: EmbeddedRegistryOptions) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  const isThere = (reference: string) => {
    const { tags, manifests } = registry.store.get(REPOSITORY)!
    return manifests.has(tags.get(reference) ?? reference)
  }
  const run = async (inputs: Record<string, string>, env: Record<string, string> = {}) => {
    const result = await runAction({
      inputs: { registry: registry.origin, image: REPOSITORY, ...inputs },
      env,
    })
    return { ...result, said: result.annotations.map(({ message }) => message).join('\n') }
  }
  return { registry, isThere, run }
}

const PRUNE = { mode: 'prune', tags: 'pr-*', 'dry-run': 'false', 'max-delete-percent': '100' }

const isBearer = ({ request }: Exchange) => request.headers.authorization?.startsWith('Bearer ') === true
const withTokens = {
  kind: 'token',
  accounts: { [LOGIN.username]: { password: LOGIN.password, access: { '*': ['pull', 'push', 'delete'] } } },
} as const

it('a replica that lags behind costs no tag its image', async () => {
  let first = 0
  const { registry, isThere, run } = await serve({
    intercept: ({ url, response }) => {
      if (!url.pathname.endsWith('/manifests/prod')) return false
      first ||= Date.now()
      if (Date.now() - first > 2_500) return false
      refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
      return true
    },
  })
  registry.seed(REPOSITORY, one!, ['prod', 'pr-1'])
  registry.seed(REPOSITORY, two!, ['latest'])
  const { exitCode, outputs } = await run(PRUNE)
  expect([exitCode, outputs['result']]).toEqual([0, 'pass'])
  expect([isThere('prod'), isThere('pr-1')]).toEqual([true, false])
})

describe('referrers that are listed at one moment and not at the next', () => {
  const shared = { ...child.descriptor }
  const release = image([layer('release', 2_000)])
  const referrer = index([child], { subject: release.descriptor, artifactType: 'application/x.test' })
  const doomed = index([child, one!])

  it.each<[string, (exchange: Exchange) => void, number]>([
    ['404', ({ response }) => refuse(response, 404, 'UNSUPPORTED', 'no such API'), 1],
    [
      'a web page',
      ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      1,
    ],
    ['404 without a body', ({ response }) => void response.writeHead(404).end(), 1],
    ['404 MANIFEST_UNKNOWN', ({ response }) => refuse(response, 404, 'MANIFEST_UNKNOWN', 'unknown'), 0],
  ])('%s', async (name, answer, code) => {
    // one that says nothing comes first, the others after a list was read
    const isFirst = name.endsWith('UNKNOWN')
    const spoilt = isFirst ? doomed : release
    let times = 0
    const { registry, isThere, run } = await serve({
      intercept: async (exchange) => {
        const { pathname } = exchange.url
        if (!pathname.includes('/referrers/')) return false
        const isSpoilt = pathname.endsWith(`/referrers/${spoilt.manifest.digest}`)
        if (isSpoilt !== isFirst) await new Promise((resolve) => setTimeout(resolve, 500))
        if (!isSpoilt || (isFirst && ++times > 1)) return false
        answer(exchange)
        return true
      },
    })
    registry.seed(REPOSITORY, release, ['release'])
    registry.seed(REPOSITORY, referrer)
    registry.seed(REPOSITORY, doomed, ['pr-1'])
    const { exitCode } = await run(PRUNE)
    expect(exitCode).toBe(code)
    expect([isThere(shared.digest), isThere(referrer.manifest.digest)]).toEqual([true, true])
    expect(isThere('pr-1')).toBe(code === 1)
  })
})

it('a list of tags that is too large for a proxy is asked for again with fewer', async () => {
  const { registry, run } = await serve({ quirks: { refusePageAbove: { n: 500, status: 413 } } })
  registry.seed(
    REPOSITORY,
    one!,
    Array.from({ length: 120 }, (_, position) => `v${position}`),
  )
  const { exitCode, outputs } = await run({ tags: 'all' })
  expect(exitCode).toBe(0)
  expect(JSON.parse(outputs['json'] ?? '{}').images[0].names).toHaveLength(120)
})

it('one tag that the registry cannot read hides no other', async () => {
  const registry = await startDockerRegistry({})
  onTestFinished(() => registry.stop())
  const target = { origin: `http://${registry.host}`, repository: REPOSITORY }
  await push(target, one!, 'v1')
  await push(target, two!, 'v2', 'broken')
  const tags = join(registry.storage, 'docker/registry/v2/repositories', REPOSITORY, '_manifests/tags')
  await truncate(join(tags, 'broken/current/link'))
  const { exitCode, outputs, annotations } = await runAction({
    inputs: { registry: target.origin, image: REPOSITORY, tags: 'all' },
  })
  expect(exitCode).toBe(1)
  const { images } = JSON.parse(outputs['json'] ?? '{}')
  expect(images.map(({ digest }: { digest: string }) => digest).toSorted()).toEqual(
    [one!, two!].map(({ manifest }) => manifest.digest).toSorted(),
  )
  expect(
    annotations
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message)
      .join(),
  ).toContain(`${REPOSITORY}:broken`)
}, 150_000)

describe('behind tokens', () => {
  it('a fresh token that is refused once is asked for once more', async () => {
    let refusals = 0
    const { registry, run } = await serve({
      auth: withTokens,
      intercept: (exchange) => {
        if (!isBearer(exchange) || ++refusals > 1) return false
        return invalidToken(exchange)
      },
    })
    registry.seed(REPOSITORY, one!, ['v1'])
    const { exitCode } = await run({ ...LOGIN, image: `${REPOSITORY}:v1` })
    expect([exitCode, refusals > 1]).toEqual([0, true])
  })

  it('a registry that trusts no token of its token server is told from a wrong login', async () => {
    const { registry, run } = await serve({
      auth: withTokens,
      intercept: (exchange) => isBearer(exchange) && invalidToken(exchange),
    })
    registry.seed(REPOSITORY, one!, ['v1'])
    const { exitCode, said } = await run({ ...LOGIN, image: `${REPOSITORY}:v1` })
    expect(exitCode).toBe(1)
    expect(said).toContain('does not trust its token server')
    expect(said).not.toMatch(/login is wrong/i)
  })

  it('the reason of the token server is quoted', async () => {
    const message = 'Your authorization token has expired. Reauthenticate and try again.'
    const { registry, run } = await serve({
      auth: withTokens,
      intercept: ({ url, response }) => {
        if (url.pathname !== '/token') return false
        refuse(response, 403, 'DENIED', message)
        return true
      },
    })
    registry.seed(REPOSITORY, one!, ['v1'])
    const { exitCode, said } = await run({ ...LOGIN, image: `${REPOSITORY}:v1` })
    expect(exitCode).toBe(1)
    expect(said).toContain(message)
    expect(said).not.toContain('does not exist')
  })

  it('a login in a credential file may be wrapped as base64 does it', async () => {
    const { registry, run } = await serve({ auth: withTokens })
    registry.seed(REPOSITORY, one!, ['v1'])
    const folder = await mkdtemp(join(tmpdir(), 'docker-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const auth = btoa(`${LOGIN.username}:${LOGIN.password}`).replaceAll(/.{10}/g, '$&\r\n')
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }))
    const { exitCode } = await run({ image: `${REPOSITORY}:v1` }, { DOCKER_CONFIG: folder })
    expect(exitCode).toBe(0)
  })
})

/** The registry asks for a token as it did before, and says why it did not take this one. */
function invalidToken({ request, response }: Exchange): false {
  delete request.headers.authorization
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    setHeader(name, name === 'www-authenticate' ? `${String(value)},error="invalid_token"` : value)
  return false
}

it('a registry that takes no deletes may be read-only, which is said', async () => {
  const { registry, isThere, run } = await serve({
    intercept: ({ request, response }) => {
      if (request.method !== 'DELETE') return false
      response.writeHead(405).end()
      return true
    },
  })
  registry.seed(REPOSITORY, one!, ['pr-1'])
  registry.seed(REPOSITORY, two!, ['latest'])
  const { exitCode, said } = await run(PRUNE)
  expect([exitCode, isThere('pr-1')]).toEqual([1, true])
  expect(said).toMatch(/read-only/)
})

it('a wait that is longer than all tries together ends the run at once, and is named', async () => {
  const { run } = await serve({
    intercept: ({ response }) => {
      response.setHeader('retry-after', '86400')
      refuse(response, 429, 'TOOMANYREQUESTS', 'too many requests')
      return true
    },
  })
  const { exitCode, said, durationMs } = await run({ image: `${REPOSITORY}:v1` })
  expect(exitCode).toBe(1)
  expect(said).toContain('86400 s')
  expect(durationMs).toBeLessThan(20_000)
})

describe('a cache folder that somebody has changed', () => {
  it('says of no manifest what the registry does not say of it', async () => {
    const { registry, isThere, run } = await serve({
      quirks: { manifestContentType: 'application/vnd.acme.thing.v1+json' },
    })
    const manifest = blob(json({ schemaVersion: 2, blobs: [] }), one!.manifest.mediaType)
    const parts = { manifest, blobs: [], descriptor: descriptorOf(manifest), platforms: [] }
    registry.seed(REPOSITORY, assemble(parts), ['pr-1'])
    registry.seed(REPOSITORY, two!, ['latest'])
    const folder = await mkdtemp(join(tmpdir(), 'cache-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const inputs = { ...PRUNE, 'cache-dir': folder }
    const dry = await run({ ...inputs, 'dry-run': 'true' })
    expect(decisions(dry.outputs['json'])[1]).toMatch(/^pr-1 keep/)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path, 'latin1')
      await writeFile(path, content.replaceAll('vnd.acme.thing.v1', 'vnd.oci.artifact.manifest.v1'), 'latin1')
    }
    await run(inputs)
    expect(isThere(manifest.digest)).toBe(true)
  })

  const decisions = (json: string | undefined) =>
    JSON.parse(json ?? '{}').repositories[0].tags.map(
      ({ tag, digest, decision }: Record<string, unknown>) =>
        `${String(tag)} ${String(decision)} ${String(digest)}`,
    )

  it.each<[string, (path: string, content: Buffer, others: readonly Buffer[]) => Promise<unknown>]>([
    ['other contents', (path, _, others) => writeFile(path, others[0] ?? '')],
    ['nothing', (path) => truncate(path)],
    [
      'other types',
      (path, content) =>
        writeFile(path, content.toString('latin1').replaceAll('image.index', 'image.manifest'), 'latin1'),
    ],
    [
      'an index where an image was',
      (path) =>
        writeFile(
          path,
          JSON.stringify({
            schemaVersion: 2,
            mediaType: 'application/vnd.oci.image.index.v1+json',
            manifests: [],
          }),
        ),
    ],
    [
      'pipes',
      async (path) => {
        await rm(path)
        execFileSync('mkfifo', [path])
      },
    ],
    [
      'links to a device without end',
      async (path) => {
        await rm(path)
        execFileSync('ln', ['-s', '/dev/zero', path])
      },
    ],
  ])('%s: decides nothing', async (_, change) => {
    const { registry, isThere, run } = await serve({})
    registry.seed(REPOSITORY, index([child, one!]), ['prod'])
    registry.seed(REPOSITORY, index([child, two!]), ['pr-1'])
    const folder = await mkdtemp(join(tmpdir(), 'cache-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const inputs = { ...PRUNE, 'cache-dir': folder }
    const dry = await run({ ...inputs, 'dry-run': 'true' })
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    )
    const paths = files.map(({ parentPath, name }) => join(parentPath, name))
    const contents = await Promise.all(paths.map((path) => readFile(path)))
    expect(paths.length).toBeGreaterThan(4)
    for (const [position, path] of paths.entries()) {
      const content = contents[position]!
      await change(
        path,
        content,
        contents.filter((each) => each !== content),
      )
    }
    const real = await run(inputs)
    expect(real.exitCode).toBe(0)
    expect(decisions(real.outputs['json'])).toEqual(decisions(dry.outputs['json']))
    expect([isThere('prod'), isThere(child.manifest.digest), isThere('pr-1')]).toEqual([true, true, false])
  })
})

it('a deletion that a proxy sends twice, and so answers 404, is looked at like any other', async () => {
  const shared = ['amd64', 'arm64'].map((name) =>
    image([layer(`twice ${name}`, 1_000)], { platform: `linux/${name}` }),
  )
  const registry = await startEmbeddedRegistry({
    intercept: ({ request, url, response }) => {
      const { tags, manifests } = registry.store.get(REPOSITORY)!
      const digest = url.pathname.split('/').at(-1)!
      if (request.method !== 'DELETE') return false
      const found = manifests.get(digest)
      // the first try deleted the index, and what it lists along with it
      if (found !== undefined) {
        for (const { manifest } of shared) manifests.delete(manifest.digest)
        manifests.delete(digest)
        for (const [tag, named] of tags) if (named === digest) tags.delete(tag)
      }
      refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
      return true
    },
  })
  onTestFinished(() => registry.stop())
  for (const name of ['pr-1', 'pr-2', 'pr-3', 'v1'])
    registry.seed(REPOSITORY, index(shared, { annotations: { name } }), [name])
  const { exitCode, stdout } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: REPOSITORY,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
      validate: 'false',
    },
  })
  const { tags, manifests } = registry.store.get(REPOSITORY)!
  expect(exitCode).toBe(1)
  expect(stdout).toContain('lists along with it, which others need')
  expect(tags.size).toBe(3)
  expect(shared.map(({ manifest }) => manifests.has(manifest.digest))).toEqual([true, true])
})

it("the trial of another prune, whose tag comes and goes, is nobody's loss", async () => {
  let deletes = 0
  const registry = await startEmbeddedRegistry({
    intercept: async ({ request, url }) => {
      const { tags } = registry.store.get(REPOSITORY)!
      if (url.pathname.endsWith('/tags/list')) await pause(30)
      if (request.method !== 'DELETE') return false
      deletes += 1
      if (deletes === 3) tags.set('registry-warden-probe-1', tags.get('v1')!)
      if (deletes === 12) tags.delete('registry-warden-probe-1')
      await pause(100)
      return false
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(REPOSITORY, image([layer('v1', 100)]), ['v1'])
  for (let number = 0; number < 24; number += 1)
    registry.seed(REPOSITORY, image([layer(`pr ${number}`, 100)]), [`pr-${number}`])
  const { exitCode, outputs } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: REPOSITORY,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
  })
  expect([exitCode, outputs['deleted-count']]).toEqual([0, '24'])
  expect([...registry.store.get(REPOSITORY)!.tags.keys()]).toEqual(['v1'])
})
