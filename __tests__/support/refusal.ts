import { WardenError } from '../../src/domain/errors.ts'

/** The line a user would read when the parser refuses; fails the test when it accepts. */
export function lineOf(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    if (error instanceof WardenError && error.kind === 'input') return error.line
    throw error
  }
  throw new Error('the parser accepted it')
}

/** What the parser answers, or null when it refuses with an input error; any other error fails the test. */
export function answerOf<T>(parse: () => T): T | null {
  try {
    return parse()
  } catch (error) {
    if (error instanceof WardenError && error.kind === 'input') return null
    throw error
  }
}
