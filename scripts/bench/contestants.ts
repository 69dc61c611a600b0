import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianProgram } from '../../__tests__/support/debian-program.ts'
import { ADMIN } from '../../__tests__/support/docker-registry.ts'
import { runAction } from '../../__tests__/support/run-action.ts'
import { MANIFEST_TYPES } from '../../src/domain/manifest/media-type.ts'
import { runProgram, watchPeak, type Sample } from './measure.ts'
import type { Lane, Stage, Workload } from './stage.ts'

/** A way to learn the sizes of a workload. */
export interface Contestant {
  readonly name: string
  /** what a reader of its numbers must know */
  readonly note: string | null
  readonly rounds: (workload: Workload) => number
  /** the part of the work that one run does; the rest is calculated */
  readonly share: (workload: Workload) => number
  readonly run: (lane: Lane, workload: Workload) => Promise<Sample>
}

export const CONCURRENCY = 16

/**
 * The bundled action as the runner starts it, with as many requests in flight as the others or with its
 * default.
 */
export function warden(entry: string, rounds: number, concurrency: number | 'auto'): Contestant {
  return {
    name: concurrency === 'auto' ? 'registry-warden' : `registry-warden, ${concurrency} in flight`,
    note: null,
    rounds: () => rounds,
    share: () => 1,
    run: async (lane, { repository, tags }) => {
      let peak = (): number => 0
      const result = await runAction({
        entry,
        inputs: {
          image: `${lane.host}/${repository}${tags === null ? ':latest' : ''}`,
          registry: lane.host,
          username: ADMIN.username,
          password: ADMIN.password,
          concurrency: String(concurrency),
          ...(tags === null ? {} : { tags: 'all' }),
        },
        onStart: (child) => (peak = watchPeak(child)),
      })
      if (result.exitCode !== 0) throw new Error(`registry-warden failed:\n${result.stdout}${result.stderr}`)
      return { milliseconds: result.durationMs, peakBytes: peak() }
    },
  }
}

/**
 * All manifests with as many connections as warden has, by a client that was told every address and the
 * token.
 */
export async function curl(stage: Stage, rounds: number): Promise<Contestant> {
  const { path, env } = await debianProgram('curl')
  return {
    name: 'curl --parallel',
    note: `curl is given a token and the address of each manifest; ${CONCURRENCY} at a time, as registry-warden`,
    rounds: () => rounds,
    share: () => 1,
    run: async (lane, { repository, references }) => {
      const config = references.flatMap((reference) => [
        `url = "http://${lane.host}/v2/${repository}/manifests/${reference}"`,
        'output = "/dev/null"',
      ])
      const header = `header = "authorization: Bearer ${stage.token(repository)}"`
      const accept = `header = "accept: ${MANIFEST_TYPES.join(', ')}"`
      const flags = [
        '--parallel',
        '--parallel-max',
        String(CONCURRENCY),
        '--silent',
        '--show-error',
        '--fail',
      ]
      return runProgram(path, ['--disable', ...flags, '--config', '-'], {
        env: { PATH: process.env['PATH'], ...env },
        stdin: [header, accept, ...config].join('\n'),
      })
    },
  }
}

/** One `skopeo inspect` per tag, one after the other, of `sample` tags at most. */
export async function skopeo(sample: number, rounds: number): Promise<Contestant> {
  const { path, env } = await debianProgram('skopeo')
  const asked = ({ tags }: Workload): readonly string[] => spread(tags ?? ['latest'], sample)
  return {
    name: 'skopeo inspect',
    note: `skopeo inspects one tag after the other and one platform of an index; more than ${sample} tags are calculated from ${sample} (~)`,
    rounds: ({ tags }) => (tags === null ? rounds : 1),
    share: (workload) => asked(workload).length / (workload.tags?.length ?? 1),
    run: async (lane, workload) => {
      const home = await mkdtemp(join(tmpdir(), 'skopeo-'))
      const total = { milliseconds: 0, peakBytes: 0 }
      try {
        for (const tag of asked(workload)) {
          const login = ['--creds', `${ADMIN.username}:${ADMIN.password}`, '--tls-verify=false']
          const parameters = ['--insecure-policy', 'inspect', '--no-tags', ...login]
          const once = await runProgram(
            path,
            [...parameters, `docker://${lane.host}/${workload.repository}:${tag}`],
            {
              env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, ...env },
            },
          )
          total.milliseconds += once.milliseconds
          total.peakBytes = Math.max(total.peakBytes, once.peakBytes)
        }
        return total
      } finally {
        await rm(home, { recursive: true, force: true })
      }
    },
  }
}

/** So many of them, evenly spread. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, all.length / most)
  return all.filter((_, position) => Math.floor(position / step) !== Math.floor((position - 1) / step))
}
