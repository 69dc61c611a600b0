import { z } from 'zod'

/** A commit, by SHA-1 or SHA-256; safe in a URL path. */
export const commitSha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)

/** `owner/name`. */
export const repositoryName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/)

export const pullRequestNumber = z.int().min(1)
