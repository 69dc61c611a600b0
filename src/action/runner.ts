import * as core from '@actions/core'
import type { Annotation } from '../domain/annotation.ts'
import type { Environment } from '../domain/environment.ts'
import { sanitiseLine } from '../domain/text.ts'
import type { Log, MaskSecret } from '../domain/ports.ts'
import type { InputName } from './input-catalog.ts'
import { createRedactor } from './redact.ts'
import type { Redactor } from './redact.ts'

/** The GitHub Actions runner as the modes see it; the only way to its log, outputs, summary and secrets. */
export interface Runner {
  readonly log: Log
  readonly mask: MaskSecret
  /** The value without what `mask` was told: for files and comments, in which nobody else hides it. */
  readonly redact: Redactor['redact']
  readonly input: (name: InputName) => string
  readonly env: Environment
  /** the page of this workflow run; null outside a runner */
  readonly runUrl: string | null
  readonly annotate: (annotation: Annotation) => void
  readonly setOutputs: (outputs: Readonly<Record<string, string>>) => void
  readonly writeSummary: (markdown: string) => Promise<void>
  /** Calls when the job is cancelled, instead of dying at once; returns how to stop listening. */
  readonly onCancel: (handler: () => void) => () => void
  /** Ends the step red with one line. */
  readonly fail: (line: string) => void
}

const MAX_LINE = 2_000
const ANNOTATE = { error: core.error, warning: core.warning, notice: core.notice }

/** The runner sends the first, and the second 7.5 s later. */
const CANCEL_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The real runner, through its environment and its command protocol. */
export function githubRunner(): Runner {
  const { add, redact } = createRedactor()
  const shown = (text: string) => logLine(redact(text))
  return {
    log: {
      debug: (message) => core.debug(shown(message)),
      info: (message) => {
        for (const line of message.split(/\r?\n/)) core.info(shown(line))
      },
      notice: (message) => core.notice(shown(message)),
      warning: (message) => core.warning(shown(message)),
    },
    mask: (secret) => {
      core.setSecret(secret)
      add(secret)
    },
    redact,
    input: (name) => core.getInput(name, { trimWhitespace: false }),
    env: process.env,
    runUrl: runUrl(process.env),
    annotate: ({ level, title, message }) => ANNOTATE[level](shown(message), { title: shown(title) }),
    setOutputs: (outputs) => {
      for (const [name, value] of Object.entries(redact(outputs))) core.setOutput(name, value)
    },
    writeSummary: async (text) => {
      const markdown = redact(text)
      // absent outside a runner and on some GitHub Enterprise servers; Gitea and Forgejo show it nowhere
      const isShown = process.env['GITHUB_STEP_SUMMARY'] && process.env['GITEA_ACTIONS'] !== 'true'
      if (isShown) await core.summary.addRaw(markdown, true).write()
      else for (const line of markdown.split(/\r?\n/)) core.info(shown(line))
    },
    onCancel: (handler) => {
      for (const signal of CANCEL_SIGNALS) process.on(signal, handler)
      return () => {
        for (const signal of CANCEL_SIGNALS) process.off(signal, handler)
      }
    },
    fail: (line) => core.setFailed(shown(line)),
  }
}

function runUrl(env: NodeJS.ProcessEnv): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null
}

/**
 * One line that the runner cannot take for a command: it accepts `::command::` behind leading blanks and
 * `##[command]` anywhere in a line (actions/runner, ActionCommand.cs). An invisible character breaks both and
 * keeps them readable.
 */
export function logLine(text: string): string {
  const indent = /^ */.exec(text)?.[0] ?? ''
  const line = sanitiseLine(text, MAX_LINE).replace(/^::/, ':\u200B:').replaceAll('##[', '##\u200B[')
  return `${indent.slice(0, 8)}${line}`
}
