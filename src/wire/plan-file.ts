import { z } from 'zod'
import { WardenError } from '../domain/errors.ts'
import { isDigest } from '../domain/names/digest.ts'
import { isTag } from '../domain/names/tag.ts'
import type { ReviewedRepository } from '../domain/prune/reviewed-plan.ts'
import { listOf, parseJsonObject, readAs } from './json.ts'

/** Largest plan that is read: room for a hundred thousand tags. */
export const MAX_PLAN_BYTES = 128 * 1024 * 1024

const digestSchema = z.string().refine(isDigest, 'not a digest')

/** Only what decides what goes; that a fresh plan agrees is checked against the registry. */
const planSchema = z.lazy(() =>
  z.object({
    schemaVersion: z.literal(1),
    mode: z.literal('prune'),
    repositories: listOf(
      z.object({
        repository: z.string().min(1).max(1000),
        tags: listOf(
          z.object({
            tag: z.string().refine(isTag, 'not a tag'),
            digest: digestSchema.nullable(),
            decision: z.enum(['keep', 'delete', 'untag', 'skip']),
          }),
        ),
        manifests: listOf(
          z.object({
            digest: digestSchema,
            decision: z.enum(['keep', 'delete']),
            decidedBy: z.object({ digest: digestSchema.optional() }).optional(),
          }),
        ),
      }),
      100_000,
    ),
  }),
)

/**
 * Reads a plan file back.
 * @throws WardenError of kind `input`: too large, no plan of this version, or one that says two things about
 * one name
 */
export function parsePlanFile(bytes: Buffer): readonly ReviewedRepository[] {
  try {
    if (bytes.length > MAX_PLAN_BYTES) {
      throw new WardenError('protocol', `the plan is larger than ${MAX_PLAN_BYTES} bytes`)
    }
    const { repositories } = readAs(planSchema, parseJsonObject(bytes, 'the plan'), 'the plan')
    const plan = repositories.map(({ repository, tags, manifests }): ReviewedRepository => ({
      repository,
      tags: new Map(tags.map(({ tag, ...rest }) => [tag, rest])),
      manifests: new Map(manifests.map(({ digest, decision }) => [digest, decision])),
      parents: new Map(
        manifests.flatMap(({ digest, decision, decidedBy }) =>
          decision === 'delete' && decidedBy?.digest !== undefined ? [[digest, decidedBy.digest]] : [],
        ),
      ),
    }))
    const isTwofold = repositories.some(
      ({ tags, manifests }, index) =>
        plan[index]?.tags.size !== tags.length || plan[index].manifests.size !== manifests.length,
    )
    if (isTwofold || new Set(plan.map(({ repository }) => repository)).size !== plan.length) {
      throw new WardenError('protocol', 'the plan names something twice')
    }
    return plan
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError('input', `input apply-plan: ${cause.message}`, {
      advice: 'Give the file that plan-file wrote in a run with the same inputs',
      cause,
    })
  }
}
