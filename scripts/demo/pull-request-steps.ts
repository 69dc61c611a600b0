import { styleText } from 'node:util'
import type { BuiltImage } from '../../__tests__/support/images.ts'
import type { DemoImage } from './images.ts'
import type { Step } from './step.ts'
import { renderForTerminal } from './terminal.ts'
import type { World } from './world.ts'

const NUMBER = 128
const HEAD = '4be1c7a0f2d95386ac41e7b0d3f86215c9a7e04d'

/** A pull request that makes the image heavier, and its next push, which does not. */
export function pullRequestSteps({ registry, github, pullRequest }: World): readonly Step[] {
  const { main, heavy, light } = pullRequest
  const pushed = (...images: readonly DemoImage[]): void => {
    for (const { repository, tags, image } of images) registry.seed(repository, image, tags)
  }
  const common = {
    inputs: { image: 'acme/api:pr-128', baseline: ':main', 'max-increase': '5% or 5MiB' },
    job: {
      eventName: 'pull_request',
      event: pullRequestEvent(),
      githubToken: github.token,
      env: { GITHUB_API_URL: github.apiUrl, GITHUB_REPOSITORY: 'acme/api' },
    },
  }
  return [
    {
      ...common,
      title: 'A pull request makes the image heavier: the comment it gets',
      before: () => pushed(main, heavy),
      picture: (width) => commentPicture(github.comments, width, /What changed in .*amd64/),
      exitCode: 1,
      outputs: { result: 'fail', exceeded: 'true', ...growthOf(main.image, heavy.image) },
    },
    {
      ...common,
      title: 'The next push is as light as before: the same comment, updated',
      before: () => pushed(light),
      picture: (width) => commentPicture(github.comments, width),
      exitCode: 0,
      outputs: { result: 'pass', exceeded: 'false', ...growthOf(main.image, light.image) },
    },
  ]
}

function growthOf(before: BuiltImage, after: BuiltImage): Step['outputs'] {
  return {
    'baseline-size': String(before.size),
    'size-diff': String(after.size - before.size),
  }
}

function pullRequestEvent(): unknown {
  const repo = { full_name: 'acme/api' }
  return {
    action: 'synchronize',
    number: NUMBER,
    repository: repo,
    pull_request: {
      number: NUMBER,
      head: { sha: HEAD, ref: 'invoices-as-pdf', repo },
      base: { sha: 'a1'.repeat(20), ref: 'main', repo },
    },
  }
}

/** The conversation as GitHub frames it; there must be one comment, whatever was pushed. */
function commentPicture(
  comments: World['github']['comments'],
  width: number,
  opens?: RegExp,
): readonly string[] {
  const [comment, ...more] = comments
  if (comment === undefined || more.length > 0) throw new Error(`${comments.length} comments instead of one`)
  const author = `${comment.login} commented on pull request #${comment.issue}`
  const frame = (text: string): string => styleText('dim', text)
  return [
    `${frame('╭─')} ${styleText('bold', author)}`,
    ...renderForTerminal(comment.body, width - 2, opens)
      .split('\n')
      .map((line) => `${frame('│')} ${line}`.trimEnd()),
    frame('╰─'),
  ]
}
