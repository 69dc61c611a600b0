import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAskHelper } from '../../src/credentials/credential-helper.ts'
import { refusalOf } from './client.ts'

const SECRET = 'helper-secret-123'
let folder = ''

/** The last line of each answers; all get the server key on stdin. */
const PROGRAMS: Readonly<Record<string, string>> = {
  echo: `read key; printf '{"ServerURL":"%s","Username":"%s","Secret":"${SECRET}"}' "$key" "$key"`,
  token: `printf '{"Username":"<token>","Secret":"${SECRET}"}'`,
  where: `printf '{"Username":"%s","Secret":"${SECRET}"}' "$(pwd)"`,
  deaf: `exec 0<&-; printf '{"Username":"me","Secret":"${SECRET}"}'`,
  missing: `echo 'credentials not found in native keychain'; exit 1`,
  broken: `echo '${SECRET} exploded'; echo '${SECRET}' >&2; exit 3`,
  junk: `echo '${SECRET}'`,
  empty: `printf '{"Username":"me","Secret":""}'`,
  huge: `head -c 2000000 /dev/zero | tr '\\0' x`,
  env: `printf '{"Username":"%s","Secret":"${SECRET}"}' "$(env | cut -d= -f1 | sort | tr '\\n' ' ')"`,
  hang: `echo '${SECRET}'; sleep 60`,
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warden-helpers-'))
  for (const [name, script] of Object.entries(PROGRAMS)) {
    const path = join(folder, `docker-credential-${name}`)
    await writeFile(path, `#!/bin/sh\n[ "$1" = get ] || exit 9\n${script}\n`)
    await chmod(path, 0o755)
  }
})
afterAll(() => rm(folder, { recursive: true }))

function ask(suffix: string, timeoutMs = 20_000) {
  const masked: string[] = []
  const env = {
    PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    INPUT_PASSWORD: SECRET,
    'INPUT_GITHUB-TOKEN': SECRET,
    ACTIONS_RUNTIME_TOKEN: SECRET,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
    AWS_PROFILE: 'ci',
  }
  const answer = createAskHelper({ mask: (secret) => void masked.push(secret), env, timeoutMs })(
    suffix,
    'ghcr.io',
  )
  return { answer, masked }
}

describe('credential helpers', () => {
  it('see neither the inputs of this step nor the tokens of the runner', async () => {
    const login = await ask('env').answer
    const names = login?.kind === 'basic' ? login.username.split(' ') : []
    expect(names).toContain('AWS_PROFILE')
    expect(names.filter((name) => /INPUT|ACTIONS/.test(name))).toEqual([])
  })

  it('get the server on stdin and answer with a login, masked at once', async () => {
    const { answer, masked } = ask('echo')
    expect(await answer).toEqual({ kind: 'basic', username: 'ghcr.io', password: SECRET })
    expect(masked).toContain(SECRET)
  })

  it('answer with an identity token for the user <token>', async () => {
    expect(await ask('token').answer).toEqual({ kind: 'identity', username: null, token: SECRET })
  })

  it('run outside the checkout, which Windows would search for them', async () => {
    const login = await ask('where').answer
    expect(login?.kind === 'basic' && login.username).not.toBe(process.cwd())
  })

  it('need not read what they are told', async () => {
    expect(await ask('deaf').answer).toMatchObject({ kind: 'basic', username: 'me' })
  })

  it.each(['missing', 'empty'])('have nothing: %s', async (suffix) => {
    expect(await ask(suffix).answer).toBeNull()
  })

  it.each([
    ['broken', /failed \(exit code 3\)/],
    ['junk', /not a login/],
    ['huge', /printed more than/],
    ['not-there', /docker-credential-not-there is not installed/],
  ])('fail with one line that repeats nothing they print: %s', async (suffix, message) => {
    const error = await refusalOf(ask(suffix).answer)
    expect(error.line).toMatch(message)
    expect(error.line + String(error.stack) + JSON.stringify(error.cause ?? '')).not.toContain(SECRET)
  })

  it('are ended when they hang', async () => {
    const error = await refusalOf(ask('hang', 200).answer)
    expect(error.line).toMatch(/did not answer within 0.2 s/)
  })

  it.each(['../evil', 'a b', '-x', '', 'x;id', 'a/b', 'x'.repeat(200)])(
    'are never run as %j',
    async (suffix) => {
      const error = await refusalOf(ask(suffix).answer)
      expect(error.line).toMatch(/not the name of a credential helper/)
    },
  )
})
