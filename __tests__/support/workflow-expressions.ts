/** A value of an expression; `object` is a context or a part of one. */
export type Value = string | number | boolean | null | Context
export interface Context {
  readonly [name: string]: Value
}

/**
 * What an expression may refer to: the contexts that GitHub offers at this place, and how the job fares so
 * far.
 */
export interface Scope {
  readonly contexts: Context
  readonly status: 'success' | 'failure' | 'cancelled'
}

/**
 * Fills in every `${{ }}`, as GitHub does. Only what the documents use is known: an unknown context, function
 * or operator throws, so that no example can pass by being misread.
 */
export function interpolate(text: string, scope: Scope): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const value = evaluate(expression, scope)
    if (typeof value === 'object' && value !== null) throw new Error(`${expression.trim()} is no text`)
    return String(value ?? '')
  })
}

const STATUS_FUNCTIONS = /\b(?:success|failure|always|cancelled)\s*\(/

/** An `if:`, with or without `${{ }}`; one that does not ask how the job fares runs only after success. */
export function condition(text: string | boolean | undefined, scope: Scope): boolean {
  const expression = String(text ?? true).replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const implied = STATUS_FUNCTIONS.test(expression) || scope.status === 'success'
  return implied && isTruthy(evaluate(expression, scope))
}

export function evaluate(expression: string, scope: Scope): Value {
  const parser = createParser(tokensOf(expression), scope)
  const value = parser.disjunction()
  parser.end()
  return value
}

const TOKEN =
  /\s+|'(?:[^']|'')*'|\d+(?:\.\d+)?(?![\w.-])|[A-Za-z_][\w-]*|&&|\|\||[=!]=|[!().]|(?<unknown>.)/gy

function tokensOf(expression: string): string[] {
  return Array.from(expression.matchAll(TOKEN)).flatMap(({ 0: token, groups }) => {
    if (groups?.['unknown'] !== undefined) throw new Error(`cannot read ${token} in \${{ ${expression} }}`)
    return token.trim() === '' ? [] : [token]
  })
}

function createParser(tokens: string[], scope: Scope) {
  const take = (...accepted: readonly string[]): string | null => {
    const [next] = tokens
    if (next === undefined || !accepted.includes(next)) return null
    return tokens.shift() ?? null
  }
  const expect = (token: string): void => {
    if (take(token) === null) throw new Error(`${token} expected before ${tokens.join(' ') || 'the end'}`)
  }

  function disjunction(): Value {
    let value = conjunction()
    while (take('||')) {
      const other = conjunction()
      value = isTruthy(value) ? value : other
    }
    return value
  }

  function conjunction(): Value {
    let value = comparison()
    while (take('&&')) {
      const other = comparison()
      value = isTruthy(value) ? other : value
    }
    return value
  }

  function comparison(): Value {
    const left = negation()
    const operator = take('==', '!=')
    if (operator === null) return left
    return sameValue(left, negation()) === (operator === '==')
  }

  function negation(): Value {
    return take('!') ? !isTruthy(negation()) : operand()
  }

  function operand(): Value {
    if (take('(')) {
      const value = disjunction()
      expect(')')
      return value
    }
    const token = tokens.shift() ?? ''
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
    if (/^\d/.test(token)) return Number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (token === 'null') return null
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`a value expected, not ${token || 'the end'}`)
    return tokens[0] === '(' ? call(token) : path(token)
  }

  function call(name: string): Value {
    expect('(')
    expect(')')
    if (name === 'always') return true
    if (['success', 'failure', 'cancelled'].includes(name)) return scope.status === name
    throw new Error(`the function ${name}() is not known here`)
  }

  function path(root: string): Value {
    if (!Object.hasOwn(scope.contexts, root)) throw new Error(`there is no context ${root} here`)
    let value: Value = scope.contexts[root] ?? null
    while (take('.')) {
      const name = tokens.shift() ?? ''
      if (root === 'steps' && value === scope.contexts[root]) mustHave(value, name)
      value = property(value, name)
    }
    return value
  }

  return { disjunction, end: () => tokens.length > 0 && expect('the end') }
}

function mustHave(steps: Value, id: string): void {
  if (property(steps, id) === null) throw new Error(`no step before this one has the id ${id}`)
}

function property(value: Value, name: string): Value {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
  return value[name] ?? null
}

function isTruthy(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== ''
}

/** Texts are equal whatever their case; all other kinds must be the same. */
function sameValue(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase()
  if (typeof left !== typeof right && left !== null && right !== null) {
    throw new Error('values of different kinds are not compared here')
  }
  return left === right
}
