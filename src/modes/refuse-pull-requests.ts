import { WardenError } from '../domain/errors.ts'

/**
 * Whoever may open a pull request could otherwise delete images, or bring deleted ones back: with its
 * workflow, or with what it makes a trusted one do.
 * @throws WardenError of kind `input`
 */
export function refusePullRequests(mode: 'prune' | 'undo', event: string | undefined): void {
  if (event === undefined || !event.startsWith('pull_request')) return
  throw new WardenError('input', `mode ${mode} does not run on ${event} events`, {
    advice: 'Run it on schedule, workflow_dispatch or push',
  })
}
