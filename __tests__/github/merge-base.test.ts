import { describe, expect, it } from 'vitest'
import { pullRequestFacts } from '../../src/github/merge-base.ts'
import { BASE_SHA, contextOf, mergeGroupPayload, pullRequestPayload } from './events.ts'
import { FORK, SHA, stage } from './fixtures.ts'

const MERGE_BASE = 'e'.repeat(40)

describe('pullRequestFacts', () => {
  it.each([
    ['pull_request', pullRequestPayload(FORK)],
    ['merge_group', mergeGroupPayload()],
  ])('compares the head of a %s with its target branch, once', async (event, payload) => {
    const { api, server } = await stage()
    server.mergeBases.set(`main...${SHA}`, MERGE_BASE)
    const facts = pullRequestFacts(contextOf(event, payload), api)
    expect([facts.baseSha, facts.baseRef]).toEqual([BASE_SHA, 'main'])
    expect([await facts.mergeBase?.(), await facts.mergeBase?.()]).toEqual([MERGE_BASE, MERGE_BASE])
    expect(server.log).toEqual([`GET /repos/acme/api/compare/main...${SHA}?per_page=1 200`])
  })

  it('takes it from the event where that tells it (Gitea), and asks nobody', async () => {
    const { api, server } = await stage()
    const { pull_request: pull, ...rest } = pullRequestPayload()
    const payload = { ...rest, pull_request: { ...pull, merge_base: MERGE_BASE } }
    const facts = pullRequestFacts(contextOf('pull_request', payload), api, () => undefined)
    expect(await facts.mergeBase?.()).toBe(MERGE_BASE)
    expect(server.log).toEqual([])
  })

  it('leaves it out with a notice where neither the event nor the server can tell', async () => {
    const notices: string[] = []
    const { api, server } = await stage()
    const event = contextOf('pull_request', pullRequestPayload())
    const facts = pullRequestFacts(event, api, (notice) => void notices.push(notice))
    expect([await facts.mergeBase?.(), await facts.mergeBase?.()]).toEqual([null, null])
    expect(notices).toEqual([expect.stringContaining('{merge-base} is left out')])
    expect(server.log).toEqual([])
  })

  it('asks nothing unless asked', async () => {
    const { api, server } = await stage()
    pullRequestFacts(contextOf('pull_request', pullRequestPayload()), api)
    expect(server.log).toEqual([])
  })

  it('compares with the commit when the target branch is gone', async () => {
    const { api, server } = await stage()
    server.mergeBases.set(`${BASE_SHA}...${SHA}`, MERGE_BASE)
    expect(await pullRequestFacts(contextOf('pull_request', pullRequestPayload()), api).mergeBase?.()).toBe(
      MERGE_BASE,
    )
  })

  it('has nothing for other events', async () => {
    const { api } = await stage()
    const facts = pullRequestFacts(contextOf('push', {}), api)
    expect(facts).toEqual({ baseSha: null, baseRef: null, mergeBase: null })
  })

  it('knows that histories without a common commit have none', async () => {
    const message = `No common ancestor between main and ${SHA}.`
    const { api } = await stage({ intercept: () => ({ status: 404, body: { message } }) })
    expect(
      await pullRequestFacts(contextOf('pull_request', pullRequestPayload()), api).mergeBase?.(),
    ).toBeNull()
  })

  it.each([
    ['none', 'denied', /permissions: contents: read/] as const,
    ['write', 'denied', /Not Found/] as const,
  ])('never takes a refusal for an absence (contents: %s)', async (contents, kind, line) => {
    const { api } = await stage({ contents })
    const facts = pullRequestFacts(contextOf('pull_request', pullRequestPayload()), api)
    await expect(facts.mergeBase?.()).rejects.toMatchObject({ kind, line: expect.stringMatching(line) })
  })

  it('says so when there is no token', async () => {
    const facts = pullRequestFacts(contextOf('pull_request', pullRequestPayload()), null)
    await expect(facts.mergeBase?.()).rejects.toMatchObject({ kind: 'unauthorized' })
  })
})
