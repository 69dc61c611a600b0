import { WardenError } from '../../domain/errors.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { parseEcrDeletion } from '../../wire/vendors/ecr.ts'
import type { EcrFailure } from '../../wire/vendors/ecr.ts'
import { again, isUnknownEnd } from '../deletes.ts'
import type { AskEcr } from './ecr-api.ts'

/** A tag or a digest to delete. */
export type EcrImageId = { readonly imageTag: string } | { readonly imageDigest: string }

/** What ECR takes in one request. */
const MOST = 100

interface Waiting {
  readonly id: EcrImageId
  readonly resolve: (outcome: DeleteOutcome) => void
}

/**
 * Deletes images of one repository. What is asked at the same moment goes in one request, up to 100, and each
 * has an outcome of its own: waiting longer for more would let what was looked at grow old.
 */
export function createEcrBatch(
  ask: AskEcr,
  repositoryName: string,
): (id: EcrImageId) => Promise<DeleteOutcome> {
  let waiting: Waiting[] = []

  async function flush(): Promise<void> {
    const batch = waiting.splice(0, MOST)
    if (batch.length === 0) return
    if (waiting.length > 0) setImmediate(() => void flush())
    const outcomes = await deleteAll(batch.map(({ id }) => id))
    batch.forEach(({ id, resolve }) => resolve(outcomes(nameOf(id))))
  }

  async function deleteAll(imageIds: readonly EcrImageId[]): Promise<(name: string) => DeleteOutcome> {
    try {
      const body = await ask('BatchDeleteImage', { repositoryName, imageIds })
      const { deleted, failures } = parseEcrDeletion(body)
      return (name) => {
        const failure = failures.find((each) => each.name === name)
        if (failure !== undefined) return outcomeOf(failure, repositoryName)
        if (deleted.has(name)) return DONE
        const message = `deletion of ${name} in ${repositoryName}: ECR did not report the outcome`
        return again(new WardenError('protocol', message))
      }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return () => outcomeOfError(error)
    }
  }

  return (id) => {
    const { promise, resolve } = Promise.withResolvers<DeleteOutcome>()
    if (waiting.length === 0) setImmediate(() => void flush())
    waiting = [...waiting, { id, resolve }]
    return promise
  }
}

const DONE: DeleteOutcome = { kind: 'done', error: null }
const GONE: DeleteOutcome = { kind: 'gone', error: null }
const THROTTLE_WAIT = 5_000

function nameOf(id: EcrImageId): string {
  return 'imageTag' in id ? id.imageTag : id.imageDigest
}

function outcomeOf({ name, code, reason }: EcrFailure, repository: string): DeleteOutcome {
  if (code === 'ImageNotFound') return GONE
  const said = sanitiseLine(`${code}${reason === '' ? '' : `: ${reason}`}`, 300)
  const message = `deletion of ${name ?? 'an image'} in ${repository}: ECR refuses (${said})`
  const kind = code === 'ImageReferencedByManifestList' ? 'referenced' : 'failed'
  return { kind, error: new WardenError(kind === 'failed' ? 'protocol' : 'denied', message) }
}

function outcomeOfError(error: WardenError): DeleteOutcome {
  if (error.kind === 'rate-limit') return { kind: 'again', wait: THROTTLE_WAIT, error }
  if (isUnknownEnd(error) || error.kind === 'server') return again(error)
  return { kind: error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed', error }
}
