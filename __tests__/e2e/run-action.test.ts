import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoSecrets, runAction } from '../support/run-action.ts'

const SCRIPT = `
import { appendFileSync, readFileSync } from 'node:fs'
const { env } = process
console.log('::add-mask::hunter22')
console.log('::error title=Over, the limit%3A x::two%0Alines 100%25')
console.log('plain :: text')
console.log(JSON.stringify({ mode: env.INPUT_MODE, dryRun: env['INPUT_DRY-RUN'], token: env['INPUT_GITHUB-TOKEN'] }))
console.log(JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).number, Object.keys(env).includes('npm_config_registry'))
appendFileSync(env.GITHUB_OUTPUT, 'json<<END\\n{"a":\\n1}\\nEND\\nsize=42\\n')
appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done\\n')
if (env.INPUT_IMAGE === 'hang') setInterval(() => {}, 1000)
else process.exitCode = 3
`

describe('runAction', () => {
  let folder: string
  let entry: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entry-'))
    entry = join(folder, 'entry.mjs')
    await writeFile(entry, SCRIPT)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('hands inputs over and reads results back as the runner does', async () => {
    const result = await runAction({
      entry,
      inputs: { image: 'acme/api', 'dry-run': 'false' },
      event: { number: 7 },
      githubToken: 'ghs_x',
    })
    expect(result).toMatchObject({
      exitCode: 3,
      stderr: '',
      summary: '# Done\n',
      outputs: { json: '{"a":\n1}', size: '42' },
      masks: ['hunter22'],
      annotations: [{ level: 'error', message: 'two\nlines 100%', properties: { title: 'Over' } }],
    })
    expect(result.stdout).toContain('{"mode":"size","dryRun":"false","token":"ghs_x"}\n7 false\n')
    expect(() => expectNoSecrets(result, 'hunter22')).not.toThrow()
    expect(() => expectNoSecrets(result, 'plain :: text')).toThrow('the log of the run shows a secret')
  })

  it('kills a run that does not end', async () => {
    const result = await runAction({ entry, inputs: { image: 'hang' }, timeoutMs: 500 })
    expect(result.exitCode).toBeNull()
  })

  it('refuses an input that action.yml does not declare', async () => {
    await expect(runAction({ entry, inputs: { imaeg: 'x' } })).rejects.toThrow(
      'action.yml declares no input imaeg',
    )
  })
})
