import type { getOctokit } from '@actions/github'

const late = { octokit: () => import('@actions/github') }

/**
 * Octokit as `@actions/github` makes it, loaded when GitHub is first asked: most runs never do. Its own `fetch`,
 * through undici, is replaced by `createOctokitFetch`.
 *
 * While it is imported it parses the payload of the event, and one that is not JSON would end the run there.
 * `wire/event.ts` has read the payload by then and warned, so it is hidden for that moment.
 */
export async function loadOctokit(): Promise<typeof getOctokit> {
  const { GITHUB_EVENT_PATH: path } = process.env
  delete process.env['GITHUB_EVENT_PATH']
  try {
    const { getOctokit } = await late.octokit()
    return getOctokit
  } finally {
    if (path !== undefined) process.env['GITHUB_EVENT_PATH'] = path
  }
}
