import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { debianProgram } from './debian-program.ts'

const run = promisify(execFile)

/**
 * Runs skopeo and returns what it printed; without a policy file, which a machine that only unpacked the
 * package lacks. Give credentials and TLS choices as skopeo's own flags (`--src-creds`,
 * `--dest-tls-verify=false` …).
 */
export async function skopeo(...args: readonly string[]): Promise<string> {
  const program = await debianProgram('skopeo')
  const { stdout } = await run(program.path, ['--insecure-policy', ...args], {
    env: { ...process.env, ...program.env },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}
