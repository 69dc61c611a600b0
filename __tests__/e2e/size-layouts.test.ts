import { describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import type { ActionResult } from '../support/run-action.ts'
import { REF_NAME, folderOf, layoutFiles } from '../images/archives.ts'
import type { Listed } from '../images/archives.ts'

const FULL_NAME = 'io.containerd.image.name'
const centos = image([layer('centos', 9_000)])
const debian = image([layer('debian', 4_000)])

const called = (built: typeof centos, name: string, key = REF_NAME): Listed => ({
  image: built,
  annotations: { [key]: name },
})
const layout = (...listed: readonly (Listed | typeof centos)[]) => folderOf(layoutFiles(...listed))

const measure = (folder: string, selector: string) =>
  runAction({ inputs: { image: `oci-layout://${folder}${selector}` } })
const errorOf = ({ annotations }: ActionResult) =>
  annotations.find(({ level }) => level === 'error')?.message ?? ''

/** What the advice of a failed run says to write, written. */
async function followAdvice(failed: ActionResult): Promise<ActionResult[]> {
  const advised = errorOf(failed).match(/oci-layout:\/\/\S+(?=,? or |$)/g) ?? []
  const runs: ActionResult[] = []
  for (const text of advised) runs.push(await runAction({ inputs: { image: text } }))
  return runs
}

describe('an image in an OCI layout with several', () => {
  const named = () =>
    layout(
      called(centos, 'centos:7.9'),
      called(debian, 'docker.io/library/debian:12', FULL_NAME),
      called(debian, 'localhost:5000/mirror/debian:12', FULL_NAME),
    )

  it.each([
    [':centos:7.9', centos],
    [':7.9', centos],
    [':docker.io/library/centos:7.9', centos],
    [':debian:12', debian],
    [':docker.io/library/debian:12', debian],
    [':localhost:5000/mirror/debian:12', debian],
    [`@${debian.manifest.digest}`, debian],
    [`:7.9@${centos.manifest.digest}`, centos],
  ])('is chosen by %s', async (selector, built) => {
    const result = await measure(await named(), selector)
    expect(result.outputs).toMatchObject({
      result: 'pass',
      size: String(built.size),
      digest: built.manifest.digest,
    })
  })

  it('is told from others by advice that can be followed', async () => {
    const layouts = [
      [await named(), ''],
      [await layout(centos, debian), ''],
      [await layout(called(centos, 'v1'), called(debian, 'v1')), ':v1'],
      [await layout(called(centos, 'a/x:v1'), called(debian, 'a/y:v1')), ':v1'],
      [await layout(called(centos, 'a b\u202e'), called(debian, 'v1')), ''],
    ] as const
    for (const [folder, selector] of layouts) {
      const failed = await measure(folder, selector)
      expect(failed.exitCode).toBe(1)
      expect(errorOf(failed)).toContain('several images')
      const sizes = (await followAdvice(failed)).map(({ outputs }) => outputs['size'])
      expect(new Set(sizes)).toEqual(new Set([String(centos.size), String(debian.size)]))
    }
  })

  it('is not found by another digest or name, and the error says what is there', async () => {
    const folder = await named()
    const digest = `sha256:${'0'.repeat(64)}`
    expect(errorOf(await measure(folder, `@${digest}`))).toMatch(
      new RegExp(`nothing in it has the digest ${digest}. It has ${centos.manifest.digest}, `),
    )
    expect(errorOf(await measure(folder, ':centos:8'))).toMatch(/has the tag 8|called centos:8/)
    expect(errorOf(await measure(folder, '@sha256:123'))).toMatch(/What follows @ must be a digest/)
  })

  it('is one image under several names, in one row', async () => {
    const folder = await layout(called(centos, 'a/x:7.9'), called(centos, 'a/y:latest'))
    const selectors = [':a/x:7.9', ':a/y:latest', `@${centos.manifest.digest}`]
    const images = selectors.map((selector) => `oci-layout://${folder}${selector}`).join('\n')
    const { outputs } = await runAction({ inputs: { image: images } })
    expect(outputs['total-size']).toBe(String(centos.size))
  })
})
