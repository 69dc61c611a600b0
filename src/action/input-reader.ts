import { WardenError, inputError } from '../domain/errors.ts'
import { INPUTS, INPUT_NAMES, MODES } from './input-catalog.ts'
import type { InputName, Mode } from './input-catalog.ts'
import { splitList } from './split-list.ts'

/** The text of one input as the runner hands it over, untrimmed; empty when it was not given. */
export type GetInput = (name: InputName) => string

/**
 * Reads inputs as the plain kinds every input is one of; each error names input, given value and accepted
 * values.
 */
export interface InputReader {
  readonly text: (name: InputName) => string
  /** as given, but for one line end: a secret may begin or end with a blank */
  readonly secret: (name: InputName) => string
  readonly list: (name: InputName) => string[]
  readonly flag: (name: InputName) => boolean
  readonly choice: <const T extends string>(name: InputName, accepted: readonly T[]) => T
  readonly count: (name: InputName, least: number, most: number) => number
  /** whether the user set it to anything but its default */
  readonly given: (name: InputName) => boolean
}

/** Reads inputs with the defaults of action.yml; a value of the wrong form is an error of kind `input`. */
export function createInputReader(get: GetInput): InputReader {
  const text = (name: InputName): string => get(name).trim() || INPUTS[name].default
  return {
    text,
    secret: (name) => get(name).replace(/\r?\n$/, ''),
    list: (name) => splitList(text(name)),
    flag: (name) => {
      const value = text(name)
      if (value !== 'true' && value !== 'false') throw inputError(name, value, 'Write true or false')
      return value === 'true'
    },
    choice: (name, accepted) => {
      const value = text(name)
      const chosen = accepted.find((candidate) => candidate === value)
      if (chosen === undefined) throw inputError(name, value, `Use ${oneOf(accepted)}`)
      return chosen
    },
    count: (name, least, most) => {
      const value = text(name)
      if (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > most) {
        throw inputError(name, value, `Write a whole number from ${least} to ${most}`)
      }
      return Number(value)
    },
    given: (name) => {
      const value = get(name).trim()
      return value !== '' && value !== INPUTS[name].default
    },
  }
}

/**
 * The mode, once it is clear that no input of another mode was given: it would be ignored without a word.
 * @param foreign takes such names where another action's inputs may be among ours; then they are not an error
 */
export function readMode(reader: InputReader, foreign: string[] | null = null): Mode {
  const mode = reader.choice('mode', MODES)
  for (const name of INPUT_NAMES) {
    const modes: readonly Mode[] = INPUTS[name].modes
    if (modes.includes(mode) || !reader.given(name)) continue
    if (foreign !== null) {
      foreign.push(name)
      continue
    }
    throw new WardenError('input', `input ${name} belongs to mode ${oneOf(modes)}, but mode is ${mode}`, {
      advice: `Remove ${name}, or set mode: ${modes[0]}`,
    })
  }
  return mode
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
