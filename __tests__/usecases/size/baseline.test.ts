import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { ImageReader } from '../../../src/domain/ports.ts'
import { fakeReader, image } from '../../support/fake-reader.ts'
import type { FakeContent } from '../../support/fake-reader.ts'
import { APP, increase, run } from './growth-world.ts'

const broken = (kind: WardenError['kind']): FakeContent => ({
  ...APP,
  faults: { main: new WardenError(kind, `the registry said ${kind}`) },
})

const NO_PULL_REQUEST =
  'this run is not for a pull request or a merge group, which {merge-base} and {base-sha} come from'

describe('the baseline of an image', () => {
  it('is compared with, and said with how and when it was found', async () => {
    const report = await run({
      readers: { 'r.test/app': fakeReader(APP) },
      images: ['r.test/app:pr'],
      baseline: [':{base-sha}', ':{base-ref}', ':other'],
      facts: { baseSha: 'cafe', baseRef: 'main' },
      limits: increase('5%'),
    })
    expect(report.images[0]?.baseline).toMatchObject({
      state: 'found',
      name: 'r.test/app:main',
      entry: ':{base-ref}',
      placeholders: ['base-ref'],
      created: Date.UTC(2024, 0, 2, 3, 4, 5),
      skipped: [{ entry: ':{base-sha}', cause: 'absent', reason: 'r.test/app:cafe does not exist' }],
    })
    expect(report.change).toMatchObject({
      baseline: 'r.test/app:main',
      growth: { difference: 100, baseline: { size: 1110 }, pullSize: 210 },
    })
    expect(report).toMatchObject({ verdict: 'fail', breaches: [{ limit: 'max-increase', actual: 100 }] })
    expect(report.notices).toEqual([])
  })

  it('that is the image itself is said', async () => {
    const report = await run({
      readers: { 'r.test/app': fakeReader(APP) },
      images: ['r.test/app:main'],
      baseline: [':main'],
      limits: increase('0B'),
    })
    expect(report).toMatchObject({ verdict: 'pass', change: { growth: { difference: 0 } } })
    expect(report.notices).toEqual([
      'the baseline r.test/app:main is the image itself, so nothing can have grown',
    ])
  })

  it('passes over what this run does not have, and says so', async () => {
    const report = await run({
      readers: { 'r.test/app': fakeReader(APP) },
      images: ['r.test/app:pr'],
      baseline: [':{merge-base}', ':main'],
      facts: { mergeBase: () => Promise.resolve(null), baseSha: 'cafe', baseRef: 'main' },
    })
    expect(report.change?.baseline).toBe('r.test/app:main')
    expect(report.notices).toEqual(['baseline :{merge-base} is passed over: this run has no {merge-base}'])
  })

  it('leaves out what needs a pull request where there is none: the image is not new, but not compared', async () => {
    const lines: string[] = []
    const debug = (line: string): void => void lines.push(line)
    const world = { readers: { 'r.test/app': fakeReader(APP) }, images: ['r.test/app:pr'], debug }
    const limits = increase('0B')
    const alone = await run({
      ...world,
      baseline: [':{merge-base}', ':sha-{base-sha}', ':{base-ref}'],
      limits,
    })
    expect(alone).toMatchObject({ verdict: 'pass', notices: [], change: null, unmeasured: [] })
    expect(alone.images[0]).toMatchObject({ baseline: null, platforms: [{ growth: null }] })
    expect(lines).toEqual([
      `baseline: :{merge-base}, :sha-{base-sha}, :{base-ref} left out: ${NO_PULL_REQUEST}`,
    ])
    expect(alone.asides).toEqual([`growth is not judged: ${NO_PULL_REQUEST}`])
    const withTag = await run({ ...world, baseline: [':{merge-base}', ':main'] })
    expect(withTag).toMatchObject({ asides: [], notices: [], change: { baseline: 'r.test/app:main' } })
    expect(withTag.images[0]?.baseline?.skipped).toEqual([])
  })

  it('asks for the colon of a tag that reads as a repository', async () => {
    const world = { readers: { 'r.test/app': fakeReader(APP) }, images: ['r.test/app:pr'], baseline: ['1.0'] }
    const failing = (kind: WardenError['kind']) => ({
      open: () => fakeReader({ faults: { latest: new WardenError(kind, 'it failed', { advice: 'Try.' }) } }),
    })
    const unread = await run({ ...world, growth: failing('network') })
    expect(unread.notices).toEqual([
      expect.stringContaining(
        'the baseline docker.io/library/1.0:latest could not be read: it failed. Did you mean :1.0, a tag of the same repository?',
      ),
    ])
    const missing = await run({ ...world, growth: failing('not-found') })
    expect(missing.notices).toEqual([
      expect.stringContaining('library/1.0:latest does not exist; did you mean :1.0, a tag of'),
    ])
  })

  it('asks for the merge base once, and only when its turn comes', async () => {
    let asked = 0
    const facts = {
      mergeBase: async () => {
        asked += 1
        return 'main'
      },
    }
    const readers = { 'r.test/app': fakeReader(APP) }
    const images = ['r.test/app:pr', 'r.test/app:same']
    await run({ readers, images, baseline: [':main', ':{merge-base}'], facts })
    expect(asked).toBe(0)
    const report = await run({ readers, images, baseline: [':gone', ':{merge-base}'], facts })
    expect(asked).toBe(1)
    // both tags name one digest, so they are one image
    expect(report.images.map(({ baseline }) => baseline?.state)).toEqual(['found'])
  })

  it('that does not exist makes the image new, never grown from zero', async () => {
    const report = await run({
      readers: { 'r.test/app': fakeReader(APP) },
      images: ['r.test/app:pr'],
      baseline: [':gone', 'r.test/none:main'],
      limits: increase('0B'),
      growth: { open: () => fakeReader({ faults: { main: new WardenError('not-found-repository', 'no') } }) },
    })
    expect(report).toMatchObject({ verdict: 'pass', change: null, breaches: [] })
    expect(report.images[0]).toMatchObject({
      baseline: { state: 'missing' },
      platforms: [{ growth: { state: 'new', pullSize: null } }],
    })
    expect(report.notices).toEqual([
      'r.test/app has no baseline, so max-increase is not judged: :gone does not exist; r.test/none:main does not exist',
    ])
  })

  it('that is misspelt is told with the tag that may be meant, which takes one request', async () => {
    const reader = fakeReader({ ...APP, tags: { ...APP.tags, mian2: 'main' } })
    const facts = { baseSha: '3f786850e387550fdab836ed7e6dc881de23001b' }
    const baseline = [':sha-{base-sha}', ':mian']
    const report = await run({
      readers: { 'r.test/app': reader },
      images: ['r.test/app:pr'],
      baseline,
      facts,
    })
    expect(report.notices).toEqual([
      'r.test/app has no baseline: :sha-3f78685… does not exist; :mian does not exist (did you mean :mian2, :main?)',
    ])
    expect(reader.asked.filter((line) => line === 'tags list')).toHaveLength(1)
  })

  it('that is misspelt is looked for on the first page of the tags only', async () => {
    let pages = 0
    const reader = fakeReader(APP)
    const tags: ImageReader['tags'] = async (onTags) => {
      for (const tag of ['main', 'pr']) {
        pages += 1
        onTags?.([parseTag(tag, 'tag')])
      }
      return reader.tags()
    }
    const images = ['r.test/app:pr', 'r.test/app:same']
    const report = await run({ readers: { 'r.test/app': { ...reader, tags } }, images, baseline: [':mian'] })
    expect(report.notices).toContainEqual(expect.stringContaining('(did you mean :main?)'))
    expect(pages).toBe(1)
  })

  it('that is there after all asks for no list of tags', async () => {
    const reader = fakeReader(APP)
    await run({ readers: { 'r.test/app': reader }, images: ['r.test/app:pr'], baseline: [':mian', ':main'] })
    expect(reader.asked).not.toContain('tags list')
  })

  it('that is missing is told although the tags cannot be listed', async () => {
    const tags = () => Promise.reject(new WardenError('denied', 'no list for you'))
    const readers = { 'r.test/app': { ...fakeReader(APP), tags } }
    const report = await run({ readers, images: ['r.test/app:pr'], baseline: [':mian'] })
    expect(report).toMatchObject({
      verdict: 'pass',
      notices: ['r.test/app has no baseline: :mian does not exist'],
    })
  })

  it.each(['unauthorized', 'denied', 'rate-limit', 'server', 'protocol', 'integrity'] as const)(
    'that cannot be read (%s) is not missing: later entries are not tried',
    async (kind) => {
      const reader = fakeReader(broken(kind))
      const world = {
        readers: { 'r.test/app': reader },
        images: ['r.test/app:pr'],
        baseline: [':main', ':same'],
      }
      const strict = await run({ ...world, limits: increase('5%') })
      expect(strict.verdict).toBe('fail')
      expect(strict.unmeasured).toEqual([
        `r.test/app:pr: max-increase cannot be judged: the baseline r.test/app:main could not be read: the registry said ${kind}`,
      ])
      const lenient = await run(world)
      expect(lenient).toMatchObject({ verdict: 'warn', change: null, unmeasured: [] })
      expect(lenient.images[0]?.platforms[0]?.growth).toMatchObject({ state: 'unknown', cause: 'unread' })
      expect(lenient.notices).toEqual([expect.stringContaining('could not be read')])
      expect(reader.asked).not.toContain('manifest same')
    },
  )

  it('that cannot be known (merge base not answered) is not missing either', async () => {
    const facts = { mergeBase: () => Promise.reject(new WardenError('rate-limit', 'GitHub said no')) }
    const report = await run({
      readers: { 'r.test/app': fakeReader(APP) },
      images: ['r.test/app:pr'],
      baseline: [':{merge-base}', ':main'],
      limits: increase('5%'),
      facts,
    })
    expect(report.unmeasured).toEqual([
      expect.stringContaining(':{merge-base} could not be read: GitHub said no'),
    ])
  })

  it('that was not read in time ends the run partial', async () => {
    const report = await run({
      readers: { 'r.test/app': fakeReader(broken('deadline')) },
      images: ['r.test/app:pr'],
      baseline: [':main'],
      limits: increase('5%'),
      timeIsUp: true,
    })
    expect(report).toMatchObject({ partial: true, verdict: 'warn' })
    expect(report.unmeasured).toEqual([expect.stringContaining('max-duration passed')])
  })

  it('whose config is lost cannot be read', async () => {
    const content = { ...APP, faults: { 'main.config': new WardenError('server', 'lost') } }
    const report = await run({
      readers: { 'r.test/app': fakeReader(content) },
      images: ['r.test/app:pr'],
      baseline: [':main'],
    })
    expect(report.images[0]?.baseline).toMatchObject({ state: 'unread', name: 'r.test/app:main' })
  })

  it('may be in another repository, or never have been pushed', async () => {
    const main = { tags: { v1: 'main' }, manifests: APP.manifests ?? {} }
    const readers = {
      'localhost:5000/app': fakeReader(APP),
      'ghcr.io/acme/app': fakeReader(main),
      'oci-layout://main': fakeReader(main),
    }
    const images = ['localhost:5000/app:pr']
    const pushed = await run({ readers, images, baseline: ['ghcr.io/acme/app:v1'] })
    expect(pushed.change).toMatchObject({ baseline: 'ghcr.io/acme/app:v1', growth: { difference: 100 } })
    const local = await run({ readers, images, baseline: ['oci-layout://main'] })
    expect(local.change).toMatchObject({ baseline: 'oci-layout://main', growth: { difference: 100 } })
    const without = await run({ readers, images, baseline: ['oci-layout://gone', ':main'] })
    expect(without.change?.baseline).toBe('localhost:5000/app:main')
  })

  it('is that of its own repository, for each of several images', async () => {
    const worker: FakeContent = {
      tags: { pr: 'w2', main: 'w1' },
      manifests: { w1: image('w1.config', 1, { w: 50 }), w2: image('w2.config', 1, { w: 50, x: 7 }) },
    }
    const readers = { 'r.test/app': fakeReader(APP), 'r.test/worker': fakeReader(worker) }
    const report = await run({
      readers,
      images: ['r.test/app:pr', 'r.test/worker:pr'],
      baseline: ['r.test/worker:main', 'r.test/app:main'],
    })
    expect(report.images.map(({ platforms }) => platforms[0]?.growth)).toMatchObject([
      { difference: 100 },
      { difference: 7 },
    ])
    const guess = run({ readers, images: ['r.test/app:pr', 'r.test/worker:pr'], baseline: ['r.test/x:main'] })
    await expect(guess).rejects.toMatchObject({ kind: 'input' })
  })
})
