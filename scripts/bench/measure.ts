import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** One run of a program. */
export interface Sample {
  readonly milliseconds: number
  /** most memory it ever held (VmHWM of /proc), in bytes; 0 where there is no /proc */
  readonly peakBytes: number
}

/**
 * Looks at the peak of a process until it ends: the kernel keeps the maximum, so only its last moments can be
 * missed.
 */
export function watchPeak(child: ChildProcess): () => number {
  let peak = 0
  const look = async (): Promise<void> => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024)
  }
  const timer = setInterval(() => void look(), 5)
  child.once('exit', () => clearInterval(timer))
  return () => peak
}

/** Runs a program to its end, its output thrown away; throws with what it said when it fails. */
export async function runProgram(
  path: string,
  parameters: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly stdin?: string },
): Promise<Sample> {
  const started = performance.now()
  const child = spawn(path, parameters, { env: options.env, stdio: ['pipe', 'ignore', 'pipe'] })
  const peak = watchPeak(child)
  child.stdin.end(options.stdin ?? '')
  const [said, code] = await Promise.all([
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  ])
  if (code !== 0) throw new Error(`${path} ended with ${code}: ${said.join('').slice(-2000)}`)
  return { milliseconds: performance.now() - started, peakBytes: peak() }
}

export interface Statistics {
  readonly min: number
  readonly median: number
}

/** Both, since a machine that does other work makes only the minimum steady. */
export function statistics(values: readonly number[]): Statistics {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ]
  if (low === undefined || high === undefined) throw new Error('nothing was measured')
  return { min: sorted[0] ?? low, median: (low + high) / 2 }
}
