import { z } from 'zod'

/**
 * A Docker or Podman credential file as far as it is used; entries are read one by one, since one may be
 * broken.
 */
export interface CredentialFile {
  readonly auths: ReadonlyMap<string, unknown>
  readonly credHelpers: ReadonlyMap<string, unknown>
  readonly credsStore: string
}

/** One entry of `auths`; what is missing or of another type is empty. */
export interface CredentialEntry {
  readonly auth: string
  readonly username: string
  readonly password: string
  readonly identitytoken: string
  readonly registrytoken: string
}

const text = z.string().catch('')
const table = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((entries) => new Map(Object.entries(entries)))
const fileSchema = z.lazy(() => z.object({ auths: table, credHelpers: table, credsStore: text }))
const entrySchema = z.lazy(() =>
  z.object({
    auth: text,
    username: text,
    password: text,
    identitytoken: text,
    registrytoken: text,
  }),
)
const answerSchema = z.lazy(() => z.object({ Username: text, Secret: z.string() }))

/** The parts of a credential file; null when it is not a JSON object. */
export function parseCredentialFile(content: string): CredentialFile | null {
  // Windows editors put a byte order mark in front
  return fileSchema.safeParse(parseJson(content.replace(/^\uFEFF/, ''))).data ?? null
}

/** The fields of an entry of `auths`; null when it is not an object. */
export function parseCredentialEntry(entry: unknown): CredentialEntry | null {
  return entrySchema.safeParse(entry).data ?? null
}

/**
 * What a credential helper prints [docker/docker-credential-helpers credentials/]; null when it is something
 * else.
 */
export function parseHelperAnswer(output: string): { username: string; secret: string } | null {
  const answer = answerSchema.safeParse(parseJson(output)).data
  return answer === undefined ? null : { username: answer.Username, secret: answer.Secret }
}

/** Null for what is not JSON: the parser's own message would quote it, secrets and all. */
function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return null
  }
}
