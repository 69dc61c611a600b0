import type { EmbeddedRegistry } from './embedded-registry.ts'
import type { BuiltImage } from './images.ts'
import type { ActionResult } from './run-action.ts'
import type { Context } from './workflow-expressions.ts'
import type { Commit, World } from './workflow-world.ts'

/** Something that starts workflows. */
export interface WorkflowEvent {
  readonly name: 'push' | 'pull_request' | 'schedule' | 'workflow_dispatch' | 'workflow_run'
  /** `opened`, `completed`; null where the event has no types */
  readonly type: string | null
  /** branch that filters look at; null where there is none */
  readonly branch: string | null
  readonly ref: string
  readonly sha: string
  readonly actor: string
  readonly payload: Context
  /** the token only reads, and there are no secrets */
  readonly isRestricted: boolean
  /** of a run that follows another one */
  readonly follows: string | null
  /** of a pull request */
  readonly head: { readonly sha: string; readonly branch: string; readonly repository: string } | null
}

/** The runner of one job, as its steps see and change it. */
export interface JobMachine {
  readonly world: World
  readonly workspace: string
  /** folder with Docker's `config.json` */
  readonly dockerConfig: string
  readonly runId: string
  readonly sha: string
  readonly ref: string
  readonly event: { readonly name: string; readonly payload: unknown }
  readonly actor: string
  /** registries that live as long as the job, by `localhost:<port>` as the workflow writes it */
  readonly services: ReadonlyMap<string, EmbeddedRegistry>
  /** what is checked out; null before */
  checkedOut: Commit | null
  /** BuildKit in a container, the only one that can export archives */
  hasBuildx: boolean
  readonly logins: Map<string, { readonly username: string; readonly password: string }>
  /** what was built and not pushed yet, by reference */
  readonly images: Map<string, BuiltImage>
  /** what actions do behind the last step of a job that succeeded */
  readonly atEnd: (() => Promise<void>)[]
}

/** What a step did, when it succeeded. */
export interface StepEffect {
  readonly outputs?: Readonly<Record<string, string>>
  readonly log?: string
  /** of this project's own action */
  readonly action?: ActionResult
}

/**
 * The step ends red, as it would on a runner; any other error says that the example, or the emulator, is
 * wrong.
 */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  readonly effect: StepEffect

  constructor(message: string, effect: StepEffect = {}) {
    super(message)
    this.effect = effect
  }
}
