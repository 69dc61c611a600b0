import { styleText } from 'node:util'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../__tests__/support/embedded-registry.ts'
import { storedBlobs, sum } from '../__tests__/support/images.ts'
import { push } from '../__tests__/support/push.ts'
import { expectNoSecrets, runAction, type ActionResult } from '../__tests__/support/run-action.ts'
import { demoImages, type DemoImage } from './demo/images.ts'
import { renderForTerminal } from './demo/terminal.ts'

const ACCOUNT = { username: 'ci', password: 'demo-s3cret-2f9c' }
const WIDTH = Math.min(process.stdout.columns || 100, 120)

/** One step of a workflow, and what it must come to. */
interface Scene {
  readonly title: string
  readonly inputs: Readonly<Record<string, string>>
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
}

async function main(): Promise<void> {
  const images = demoImages(new Date())
  const accounts = { [ACCOUNT.username]: { password: ACCOUNT.password, access: { '*': ['pull', 'push'] } } }
  const registry = await startEmbeddedRegistry({ auth: { kind: 'token', accounts } })
  try {
    for (const { repository, tags, image } of images) await push(registry.target(repository), image, ...tags)
    console.log(`A registry with token authentication listens on ${registry.origin} and holds`)
    for (const repository of ['acme/api', 'acme/worker'])
      console.log(`  ${repository}: ${tagsIn(images, repository)}`)
    for (const scene of scenesOf(images)) await play(scene, registry)
  } finally {
    await registry.stop()
  }
}

function tagsIn(images: readonly DemoImage[], repository: string): string {
  return images.flatMap((each) => (each.repository === repository ? each.tags : [])).join(' ')
}

function scenesOf(images: readonly DemoImage[]): readonly Scene[] {
  const [api, worker] = [images.filter(named('acme/api')), images.filter(named('acme/worker'))]
  const newest = api.at(-1)!.image
  const perTag = api.flatMap(({ tags, image }) => tags.map(() => image))
  return [
    {
      title: 'A size check that passes',
      inputs: { image: 'acme/worker:3.3', 'max-size': '40MiB' },
      exitCode: 0,
      outputs: { result: 'pass', exceeded: 'false', size: String(worker.at(-1)!.image.size) },
    },
    {
      title: 'A size check over its limit',
      inputs: { image: 'acme/api:2.1.0', 'max-size': '* linux/arm64 = 45MiB\n* = 40MiB' },
      exitCode: 1,
      outputs: {
        result: 'fail',
        exceeded: 'true',
        size: String(newest.size),
        'unique-size': String(newest.uniqueSize),
      },
    },
    {
      title: 'All tags of a repository',
      inputs: { image: 'acme/api', tags: 'all' },
      exitCode: 0,
      outputs: {
        result: 'pass',
        'total-size': String(sum(perTag.map((image) => image.totalSize))),
        'unique-size': String(sum(storedBlobs(api.flatMap(({ image }) => image.platforms)).values())),
      },
    },
  ]
}

function named(repository: string): (image: DemoImage) => boolean {
  return (image) => image.repository === repository
}

async function play(scene: Scene, registry: EmbeddedRegistry): Promise<void> {
  console.log(`\n${styleText('inverse', ` ${scene.title} `.padEnd(WIDTH))}\n`)
  console.log(styleText('dim', stepOf(scene.inputs)))
  const before = registry.requests.length
  const result = await runAction({ inputs: { registry: registry.origin, ...ACCOUNT, ...scene.inputs } })
  console.log(renderForTerminal(result.summary, WIDTH))
  for (const { level, message } of result.annotations)
    console.log(styleText(level === 'error' ? 'red' : 'yellow', `${level}: ${message}`))
  const outcome = result.exitCode === 0 ? 'step succeeded' : 'step failed, as it should'
  const seconds = (result.durationMs / 1000).toFixed(2)
  console.log(styleText('dim', `\n${outcome} · ${registry.requests.length - before} requests · ${seconds} s`))
  check(scene, result)
}

function stepOf(inputs: Scene['inputs']): string {
  const lines = Object.entries(inputs).map(([name, value]) => {
    const block = value.includes('\n') ? `|\n${value.replaceAll(/^/gm, '      ')}` : value
    return `    ${name}: ${block}`
  })
  return ['- uses: registry-warden/registry-warden@v0', '  with:', ...lines, ''].join('\n')
}

/** The demo is a test too: what the registry was given is what must come out. */
function check(scene: Scene, result: ActionResult): void {
  expectNoSecrets(result, ACCOUNT.password)
  const got = { exitCode: String(result.exitCode), stderr: result.stderr, ...result.outputs }
  for (const [name, wanted] of Object.entries({
    exitCode: String(scene.exitCode),
    stderr: '',
    ...scene.outputs,
  })) {
    const actual = Object.entries(got).find(([key]) => key === name)?.[1]
    if (actual === wanted) continue
    throw new Error(`${scene.title}: ${name} is ${actual} instead of ${wanted}\n${result.stdout}`)
  }
}

await main()
