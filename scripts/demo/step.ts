import { styleText } from 'node:util'
import { stringify } from 'yaml'
import { expectNoSecrets, runAction, type ActionResult } from '../../__tests__/support/run-action.ts'
import type { ActionRun } from '../../__tests__/support/run-action.ts'
import { inline, styled } from './inline.ts'
import { hanging, wrapped } from './lines.ts'
import { renderForTerminal } from './terminal.ts'
import { ACCOUNT, type World } from './world.ts'

/** One step of a workflow, and what it must come to. */
export interface Step {
  /** what is to be seen */
  readonly title: string
  readonly inputs: Readonly<Record<string, string>>
  /** the event and its surroundings, where they matter */
  readonly job?: Pick<ActionRun, 'event' | 'eventName' | 'githubToken' | 'env'>
  readonly exitCode: number
  /** exact values; others are not looked at */
  readonly outputs: Readonly<Record<string, string>>
  /** titles of the folds of the summary that are shown open */
  readonly opens?: RegExp
  /** what happens before the step, such as a push; returns what is worth saying of it, in Markdown */
  readonly before?: () => Promise<readonly string[]> | void
  /** shown in place of the summary, as lines */
  readonly picture?: (width: number) => readonly string[]
  /** looks at the world with its own eyes: what it finds right, in Markdown; throws at what is not */
  readonly verify?: (
    requests: World['registry']['requests'],
  ) => Promise<readonly string[]> | readonly string[]
}

/** Runs a step the way the runner does and prints it; throws when anything is not as it must be. */
export async function play(step: Step, number: string, { registry }: World, width: number): Promise<void> {
  const title = `━━ ${number} · ${step.title} `
  console.log(`\n${styleText('bold', title.padEnd(width, '━'))}\n`)
  console.log(styleText('dim', yamlOf(step.inputs)))
  for (const line of (await step.before?.()) ?? []) console.log(wrapped(inline(line), width).join('\n'))
  const start = registry.requests.length
  const login = step.inputs['registry'] === undefined ? { registry: registry.origin, ...ACCOUNT } : {}
  const inputs = { ...login, ...step.inputs }
  const result = await runAction({ ...step.job, inputs })
  const requests = registry.requests.slice(start)
  const picture = step.picture?.(width) ?? [renderForTerminal(result.summary, width, step.opens)]
  console.log([...picture, '', ...annotationLines(result, width)].join('\n'))
  const ended = `exit code ${result.exitCode}${result.exitCode === 0 ? '' : ', as it should be'}`
  const seconds = (result.durationMs / 1000).toFixed(2)
  console.log(`${styleText('bold', ended)} · ${requests.length} registry requests · ${seconds} s`)
  const wrong = differences(step, result)
  if (wrong.length > 0) {
    const log = result.stdout.replaceAll(/^::add-mask::.*\n/gm, '')
    throw new Error([`“${step.title}” went wrong:`, ...wrong, log].join('\n'))
  }
  expectNoSecrets(result, ACCOUNT.password)
  const checked = (await step.verify?.(requests)) ?? []
  for (const line of checked) console.log(hanging('✅ ', inline(line), width).join('\n'))
}

/** The step as one writes it in a workflow. */
export function yamlOf(inputs: Step['inputs']): string {
  const values = Object.entries(inputs).map(([name, value]) => {
    if (/^(?:\d+|true|false)$/.test(value)) return [name, JSON.parse(value)]
    return [name, value.includes('\n') ? `${value}\n` : value]
  })
  const step = [{ uses: 'registry-warden/registry-warden@v0', with: Object.fromEntries(values) }]
  return stringify(step, { lineWidth: 0 })
}

/** What the runner shows beside the run; notices are left out here. */
function annotationLines({ annotations }: ActionResult, width: number): readonly string[] {
  const lines = annotations.flatMap(({ level, message }) => {
    if (level === 'notice') return []
    return hanging('  ', styled(level === 'error' ? 'red' : 'yellow', `${level}: ${message}`), width)
  })
  return lines.length === 0 ? [] : [...lines, '']
}

/** The demo is a test too: what the registry was given is what must come out. */
export function differences(step: Step, result: ActionResult): readonly string[] {
  const wanted = { 'exit code': String(step.exitCode), stderr: '', ...step.outputs }
  const got = new Map(
    Object.entries({ ...result.outputs, 'exit code': String(result.exitCode), stderr: result.stderr }),
  )
  return Object.entries(wanted).flatMap(([name, value]) =>
    got.get(name) === value ? [] : [`${name} is ${got.get(name) ?? 'missing'} instead of ${value}`],
  )
}
