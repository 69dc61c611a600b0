import type { Environment } from '../domain/environment.ts'
import { WardenError } from '../domain/errors.ts'
import { editDistance } from '../domain/names/edit-distance.ts'
import { INPUT_NAMES } from './input-catalog.ts'
import type { InputName } from './input-catalog.ts'

const PREFIX = 'INPUT_'
const MAX_DISTANCE = 2

/**
 * The names of all inputs that the step was given, as far as they can be known again: the runner writes each
 * into the environment in upper case, also those that `action.yml` does not declare.
 */
export function inputNamesIn(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length).toLowerCase())
}

/** Whose inputs the environment holds besides ours. */
export interface ForeignInputs {
  /** what to say of them */
  readonly warnings: readonly string[]
  /** names that `action.yml` does not declare, or not for this mode */
  readonly undeclared: readonly string[]
}

/**
 * Gitea's and Forgejo's runners hand the inputs of a composite action down to the actions that it uses, so
 * that a name like ours is not a mistake there, and may even be one of ours that the step never set.
 * @param ofOtherModes our own names that this mode does not take
 */
export function foreignInputs(names: readonly string[], ofOtherModes: readonly string[]): ForeignInputs {
  const undeclared = [
    ...names.filter((name) => !INPUT_NAMES.some((known) => known === name)),
    ...ofOtherModes,
  ]
  const [first] = undeclared
  if (first === undefined) return { warnings: [], undeclared }
  const others = undeclared.length === 1 ? '' : ` and ${undeclared.length - 1} more`
  return {
    warnings: [
      `not inputs of this action: ${first}${others}; a composite action's own inputs reach it on this runner`,
    ],
    undeclared,
  }
}

/**
 * A real prune because of an input that may be somebody else's deletes what nobody asked for.
 * @throws WardenError of kind `input`
 */
export function rejectForeignDeletes({ undeclared }: ForeignInputs, isConfirmed: boolean): void {
  if (undeclared.length === 0 || isConfirmed) return
  throw new WardenError(
    'input',
    `dry-run is false, but this step also got inputs that are not its own (${undeclared.slice(0, 3).join(', ')})`,
    {
      advice:
        'On this runner a composite action hands its inputs down: confirm with max-deletes or apply-plan',
    },
  )
}

/**
 * Refuses a name that is all but the name of an input: the runner only warns of it, and what it was to limit
 * or protect would not be. Names like none are passed over, since other tools set `INPUT_…` variables for
 * themselves.
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
