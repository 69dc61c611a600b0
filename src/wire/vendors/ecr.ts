import { z } from 'zod'

import { WardenError } from '../../domain/errors.ts'
import { isTag } from '../../domain/names/tag.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { believed } from '../../domain/quantities/timestamp.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { listOf, parseJson, readAs } from '../json.ts'
import { digest, readEntries } from './entries.ts'
import type { Entries } from './entries.ts'

/** An image of ECR's `DescribeImages`: one manifest with all its tags. */
export interface EcrImage {
  readonly digest: Digest
  readonly tags: readonly Tag[]
  readonly pushed: Timestamp | null
  readonly pulled: Timestamp | null
}

/** Entries of a page; `next` is the token for the following one, null on the last. */
export interface EcrPage<T> extends Entries<T> {
  readonly next: string | null
}

/** Seconds since 1970, with fractions. */
const seconds = z
  .number()
  .transform((value) => believed(Math.round(value * 1000)))
  .nullish()
  .catch(null)
  .transform((at) => at ?? null)

const imageSchema = z
  .object({
    imageDigest: digest,
    imageTags: listOf(z.string().refine(isTag)).nullish(),
    imagePushedAt: seconds,
    lastRecordedPullTime: seconds,
  })
  .transform((wire): EcrImage => ({
    digest: wire.imageDigest,
    tags: wire.imageTags ?? [],
    pushed: wire.imagePushedAt,
    pulled: wire.lastRecordedPullTime,
  }))

const token = z
  .string()
  .nullish()
  .transform((next) => next || null)

/** @throws WardenError of kind `protocol` */
export function parseEcrImages(body: Buffer): EcrPage<EcrImage> {
  const what = 'the list of images'
  const page = z.object({ imageDetails: z.array(z.unknown()), nextToken: token })
  const { imageDetails, nextToken } = readAs(page, parseJson(body, what), what)
  return { ...readEntries(imageSchema, imageDetails), next: nextToken }
}

/** @throws WardenError of kind `protocol` */
export function parseEcrRepositories(body: Buffer): EcrPage<string> {
  const what = 'the list of repositories'
  const page = z.object({ repositories: z.array(z.unknown()), nextToken: token })
  const { repositories, nextToken } = readAs(page, parseJson(body, what), what)
  const named = z.object({ repositoryName: z.string() }).transform(({ repositoryName }) => repositoryName)
  return { ...readEntries(named, repositories), next: nextToken }
}

/** Why one image of a batch was not deleted. */
export interface EcrFailure {
  /** the digest or tag that was asked to be deleted; null: the answer does not say */
  readonly name: string | null
  readonly code: string
  readonly reason: string
}

/** `BatchDeleteImage`: the names that went, and what did not. @throws WardenError of kind `protocol` */
export function parseEcrDeletion(body: Buffer): {
  readonly deleted: ReadonlySet<string>
  readonly failures: readonly EcrFailure[]
} {
  const what = 'the answer to the deletion'
  const id = z.object({ imageDigest: z.string().nullish(), imageTag: z.string().nullish() })
  const answer = z.object({
    imageIds: listOf(id).nullish(),
    failures: listOf(
      z.object({ imageId: id.nullish(), failureCode: z.string(), failureReason: z.string().nullish() }),
    ).nullish(),
  })
  const { imageIds, failures } = readAs(answer, parseJson(body, what), what)
  const names = (imageIds ?? []).flatMap(({ imageDigest, imageTag }) => [imageDigest, imageTag])
  return {
    deleted: new Set(names.filter((name) => typeof name === 'string')),
    failures: (failures ?? []).map(({ imageId, failureCode, failureReason }) => ({
      name: imageId?.imageTag ?? imageId?.imageDigest ?? null,
      code: failureCode,
      reason: failureReason ?? '',
    })),
  }
}

/** The login of `GetAuthorizationToken`; the body is never quoted. @throws WardenError of kind `protocol` */
export function parseEcrLogin(body: Buffer): { readonly username: string; readonly password: string } {
  const schema = z.object({ authorizationData: z.array(z.object({ authorizationToken: z.string() })).min(1) })
  const answer = schema.safeParse(jsonOrNothing(body))
  const [first] = answer.success ? answer.data.authorizationData : []
  const text = Buffer.from(first?.authorizationToken ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon > 0 && colon < text.length - 1)
    return { username: text.slice(0, colon), password: text.slice(colon + 1) }
  throw new WardenError('protocol', "ECR's answer to GetAuthorizationToken holds no login")
}

/** What an AWS API says of an error: `__type` without its namespace, and its message. */
export function parseAwsError(body: Buffer): { readonly type: string; readonly message: string } {
  const schema = z.object({
    __type: z.string().optional(),
    message: z.string().optional(),
    Message: z.string().optional(),
  })
  const answer = schema.safeParse(jsonOrNothing(body))
  if (!answer.success) return { type: '', message: '' }
  const { __type = '', message, Message } = answer.data
  return { type: __type.slice(__type.lastIndexOf('#') + 1), message: message ?? Message ?? '' }
}

function jsonOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
