import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../../__tests__/support/embedded-registry.ts'
import { startGitHubApi, type GitHubServer } from '../../__tests__/support/github-api.ts'
import { pullRequestImages, releasedImages, type DemoImage } from './images.ts'
import { shopImages, type ShopImage } from './shop-images.ts'

export const ACCOUNT = { username: 'ci', password: 'demo-s3cret-2f9c' }
export const SHOP = 'acme/shop'

/** Where the demo takes place, all of it in this process. */
export interface World {
  readonly registry: EmbeddedRegistry
  readonly github: GitHubServer
  readonly released: readonly DemoImage[]
  readonly pullRequest: ReturnType<typeof pullRequestImages>
  readonly shop: readonly ShopImage[]
  /** an empty folder, for what a stopped registry left */
  readonly storage: string
  readonly now: Date
  readonly close: () => Promise<void>
}

export async function openWorld(now: Date): Promise<World> {
  const access = { '*': ['pull', 'push', 'delete'], 'registry:catalog': ['*'] }
  const accounts = { [ACCOUNT.username]: { password: ACCOUNT.password, access } }
  const registry = await startEmbeddedRegistry({ auth: { kind: 'token', accounts } })
  const storage = await mkdtemp(join(tmpdir(), 'registry-'))
  const github = await startGitHubApi()
  const released = releasedImages(now)
  const shop = shopImages(now)
  for (const { repository, tags, image } of released) registry.seed(repository, image, tags)
  for (const { kept, gone, image } of shop) registry.seed(SHOP, image, [...kept, ...gone])
  return {
    registry,
    github,
    released,
    pullRequest: pullRequestImages(now),
    shop,
    storage,
    now,
    close: async () => {
      await Promise.all([registry.stop(), github.stop(), rm(storage, { recursive: true })])
    },
  }
}
