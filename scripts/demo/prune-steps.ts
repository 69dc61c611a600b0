import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoggedRequest } from '../../__tests__/support/embedded-registry.ts'
import { sum } from '../../__tests__/support/images.ts'
import { isImageTag, type ShopImage } from './shop-images.ts'
import type { Step } from './step.ts'
import { expectGone, expectRestored, expectWhole } from './survival.ts'
import { SHOP, type World } from './world.ts'

export const POLICY = {
  mode: 'prune',
  image: SHOP,
  tags: 'pr-*',
  'keep-latest': '3',
  'older-than': '14d',
}

/** The plan, the deletion, a second one that finds nothing to do, and the way back. */
export function pruneSteps({ registry, shop }: World): readonly Step[] {
  const target = registry.target(SHOP)
  const common = { job: { eventName: 'schedule' }, exitCode: 0 }
  const outputs = pruned(shop)
  const undoFile = join(mkdtempSync(join(tmpdir(), 'undo-')), 'undo.jsonl')
  return [
    {
      ...common,
      title: 'A prune plan: nothing is deleted until you say so',
      inputs: POLICY,
      outputs: { ...outputs, 'dry-run': 'true' },
      opens: /kept/,
      verify: (requests) => [`The registry saw no write: ${onlyReads(requests)}.`],
    },
    {
      ...common,
      title: 'The same plan, carried out',
      inputs: { ...POLICY, 'dry-run': 'false', 'undo-file': undoFile },
      outputs: { ...outputs, 'dry-run': 'false' },
      verify: async () => [await expectWhole(target, shop), await expectGone(target, shop)],
    },
    {
      ...common,
      title: 'A second run finds nothing to do',
      inputs: { ...POLICY, 'dry-run': 'false' },
      outputs: {
        ...outputs,
        'deleted-count': '0',
        'deleted-tags': '[]',
        'untagged-count': '0',
        'reclaimed-bytes': '0',
      },
      verify: async (requests) => {
        await expectWhole(target, shop)
        return [`The registry saw no write: ${onlyReads(requests)}. What was to stay is still there.`]
      },
    },
    {
      ...common,
      title: 'Taken back: what was deleted is there again',
      inputs: { mode: 'undo', 'undo-file': undoFile },
      outputs: { result: 'pass', 'unrestored-count': '0' },
      verify: async () => [await expectRestored(target, shop)],
    },
  ]
}

/** What pruning must come to, judged only by what was pushed. */
export function pruned(shop: readonly ShopImage[]): Step['outputs'] {
  const deleted = shop.flatMap(({ gone, stays }) => (stays ? [] : gone)).filter(isImageTag)
  const untagged = shop.flatMap(({ gone, stays }) => (stays ? gone : [])).filter(isImageTag)
  return {
    result: 'pass',
    'deleted-count': String(deleted.length),
    'deleted-tags': JSON.stringify(deleted),
    'untagged-count': String(untagged.length),
    'kept-count': String(shop.flatMap(({ kept }) => kept).filter(isImageTag).length),
    'skipped-count': '0',
    'failed-count': '0',
    'reclaimed-bytes': String(freedBytes(shop)),
    partial: 'false',
  }
}

/** Manifests and blobs of what goes, each once, but for those that what stays has too. */
export function freedBytes(shop: readonly ShopImage[]): number {
  const [kept, going] = [new Map<string, number>(), new Map<string, number>()]
  for (const { stays, image } of shop) {
    for (const { digest, bytes } of [...image.manifests, ...image.blobs]) {
      ;(stays ? kept : going).set(digest, bytes.length)
    }
  }
  return sum([...going].flatMap(([digest, size]) => (kept.has(digest) ? [] : [size])))
}

/** Counts requests by method; throws at one that could have changed anything. */
function onlyReads(requests: readonly LoggedRequest[]): string {
  const counts = new Map<string, number>()
  for (const { method, path } of requests) {
    if (path === '/token') continue
    if (method !== 'GET' && method !== 'HEAD') throw new Error(`the registry saw ${method} ${path}`)
    counts.set(method, (counts.get(method) ?? 0) + 1)
  }
  return [...counts].map(([method, count]) => `${count} ${method}`).join(', ')
}
