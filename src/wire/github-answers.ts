import { z } from 'zod'

import type { Comment } from '../domain/comment/comment.ts'
import { commitSha, pullRequestNumber, repositoryName } from './github-names.ts'
import { listOf, readAs } from './json.ts'

/** A pull request as lists of them give it. */
export interface ListedPullRequest {
  readonly number: number
  readonly open: boolean
  readonly headSha: string
  /** `owner/name`; null when that repository is deleted */
  readonly headRepository: string | null
  /** `owner/name` */
  readonly baseRepository: string
}

const commentSchema = z.lazy(() =>
  z
    .object({
      id: z.int(),
      // ghosts have none
      user: z.object({ login: z.string() }).nullish(),
      body: z.string().nullish(),
      html_url: z.url({ protocol: /^https?$/ }),
    })
    .transform((wire): Comment => ({
      id: wire.id,
      author: wire.user?.login ?? null,
      body: wire.body ?? '',
      url: wire.html_url,
    })),
)

const pullRequestSchema = z.lazy(() =>
  z
    .object({
      number: pullRequestNumber,
      state: z.string(),
      head: z.object({ sha: commitSha, repo: z.object({ full_name: repositoryName }).nullish() }),
      base: z.object({ repo: z.object({ full_name: repositoryName }) }),
    })
    .transform((wire): ListedPullRequest => ({
      number: wire.number,
      open: wire.state === 'open',
      headSha: wire.head.sha,
      headRepository: wire.head.repo?.full_name ?? null,
      baseRepository: wire.base.repo.full_name,
    })),
)

const openPullRequestSchema = z.lazy(() =>
  z
    .object({
      number: pullRequestNumber,
      state: z.string(),
      head: z.object({ sha: commitSha }),
      merge_commit_sha: commitSha.nullish(),
    })
    .transform((wire) => ({
      number: wire.number,
      headSha: wire.head.sha,
      mergeSha: wire.merge_commit_sha ?? null,
    })),
)

const gitName = z.string().min(1).max(1024)
/** Gitea says `id` where GitHub says `sha`. */
const branchSchema = z.lazy(() =>
  z
    .object({
      name: gitName,
      commit: z.union([z.object({ sha: commitSha }), z.object({ id: commitSha })]),
    })
    .transform(({ name, commit }) => ({ name, sha: 'sha' in commit ? commit.sha : commit.id })),
)
const gitTagSchema = z.lazy(() => z.object({ name: gitName }).transform(({ name }) => name))
const releaseSchema = z.lazy(() => z.object({ tag_name: gitName }).transform((wire) => wire.tag_name))

const labelsSchema = z.lazy(() =>
  listOf(z.object({ name: z.string() })).transform((labels) => labels.map(({ name }) => name)),
)
const comparisonSchema = z.lazy(() =>
  z
    .object({ merge_base_commit: z.object({ sha: commitSha }) })
    .transform((wire) => wire.merge_base_commit.sha),
)
const userSchema = z.lazy(() => z.object({ login: z.string().min(1) }).transform(({ login }) => login))
const viewerSchema = z.lazy(() =>
  z.object({ data: z.object({ viewer: userSchema }) }).transform(({ data }) => data.viewer),
)

const what = (answer: string): string => `GitHub's answer (${answer})`

/** Readers of what GitHub's API answers; each throws a WardenError of kind `protocol`. */
export const githubAnswers = {
  comment: (data: unknown) => readAs(commentSchema, data, what('comment')),
  comments: (data: unknown) => readAs(listOf(commentSchema), data, what('comments')),
  pullRequests: (data: unknown) => readAs(listOf(pullRequestSchema), data, what('pull requests')),
  openPullRequests: (data: unknown) =>
    readAs(listOf(openPullRequestSchema), data, what('open pull requests')),
  branches: (data: unknown) => readAs(listOf(branchSchema), data, what('branches')),
  gitTags: (data: unknown) => readAs(listOf(gitTagSchema), data, what('tags')),
  releases: (data: unknown) => readAs(listOf(releaseSchema), data, what('releases')),
  labels: (data: unknown) => readAs(labelsSchema, data, what('labels')),
  mergeBase: (data: unknown) => readAs(comparisonSchema, data, what('comparison')),
  user: (data: unknown) => readAs(userSchema, data, what('user')),
  viewer: (data: unknown) => readAs(viewerSchema, data, what('viewer')),
}
