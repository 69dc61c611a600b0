import type { Environment } from '../domain/environment.ts'
import { WardenError } from '../domain/errors.ts'
import { editDistance } from '../domain/names/edit-distance.ts'
import { someNames } from '../domain/text.ts'
import { INPUT_NAMES } from './input-catalog.ts'
import type { InputName } from './input-catalog.ts'

const PREFIX = 'INPUT_'
const MAX_DISTANCE = 2
/** Names in a message. */
const MOST = 5

/**
 * The names of all inputs that the step was given, as far as they can be known again: the runner writes each
 * into the environment in upper case, also those that `action.yml` does not declare.
 */
export function inputNamesIn(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length).toLowerCase())
}

/** What the environment holds besides our inputs. */
export interface ForeignInputs {
  /** what to say of them */
  readonly warnings: readonly string[]
  /** names that `action.yml` does not declare, or not for this mode */
  readonly undeclared: readonly string[]
  /** they may be the inputs of a composite action around this one */
  readonly isHandedDown: boolean
}

/**
 * Names that the step was given and that nobody here reads. Gitea's and Forgejo's runners hand the inputs of a
 * composite action down to the actions that it uses, so that a name like ours is not a mistake there, and may even be
 * one of ours that the step never set. Elsewhere it is what somebody believed to be an input, or a variable of the job.
 * @param ofOtherModes our own names that this mode does not take
 */
export function foreignInputs(
  names: readonly string[],
  ofOtherModes: readonly string[],
  isHandedDown: boolean,
): ForeignInputs {
  const undeclared = [
    ...names.filter((name) => !INPUT_NAMES.some((known) => known === name)),
    ...ofOtherModes,
  ]
  if (undeclared.length === 0) return { warnings: [], undeclared, isHandedDown }
  const why = isHandedDown ? "a composite action's own inputs reach it on this runner" : 'they have no effect'
  const warnings = [`not inputs of this action: ${someNames(undeclared, MOST)}; ${why}`]
  return { warnings, undeclared, isHandedDown }
}

/**
 * A real prune because of an input that may be somebody else's deletes what nobody asked for; so does one that somebody
 * wanted to hold back by an input that does not exist.
 * @throws WardenError of kind `input`
 */
export function rejectForeignDeletes(
  { undeclared, isHandedDown }: ForeignInputs,
  isConfirmed: boolean,
): void {
  const [first] = undeclared
  if (first === undefined || isConfirmed) return
  throw new WardenError(
    'input',
    `dry-run is false, but this step also got inputs that are not its own (${someNames(undeclared, MOST)})`,
    {
      advice: isHandedDown
        ? 'On this runner a composite action hands its inputs down: confirm with max-deletes or apply-plan'
        : `Remove them from with:, or rename the variable ${PREFIX}${first.toUpperCase()} of the job; max-deletes or apply-plan confirms the prune as it is`,
    },
  )
}

/**
 * Refuses a name that is all but the name of an input: the runner only warns of it, and what it was to limit
 * or protect would not be. Of names like none `foreignInputs` tells: other tools set `INPUT_…` variables, too.
 * @throws WardenError of kind `input`
 */
export function rejectMisspelt(names: readonly string[]): void {
  for (const name of names) {
    const meant = nearestInput(name)
    if (meant === null) continue
    throw new WardenError('input', `unknown input ${name}`, {
      advice: `Did you mean ${meant}? If it is not meant for this action, rename the variable ${PREFIX}${name.toUpperCase()}`,
    })
  }
}

/** Null for a known name, and for one that is like none. */
function nearestInput(name: string): InputName | null {
  if (INPUT_NAMES.some((known) => known === name)) return null
  const near = INPUT_NAMES.flatMap((known) => {
    const distance = distanceOf(name, known)
    return distance === null ? [] : [{ known, distance }]
  })
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.known ?? null
}

/** Of a short name less than half may differ: `note` is no `mode`. */
function distanceOf(name: string, known: InputName): number | null {
  if (withoutJoints(name) === withoutJoints(known)) return 0
  return editDistance(name, known, Math.min(MAX_DISTANCE, Math.ceil(known.length / 2) - 1))
}

function withoutJoints(name: string): string {
  return name.replaceAll(/[-_]/g, '')
}
