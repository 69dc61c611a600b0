/** Looked at in this order; the first that fails ends the looking. */
export type CheckName = 'reachable' | 'tls' | 'api-version' | 'credentials' | 'permissions' | 'catalog'

export type CheckVerdict = 'pass' | 'warn' | 'fail'

/** One thing that was looked at; `message` names the registry and, where it is not green, what to do. */
export interface Check {
  readonly check: CheckName
  readonly verdict: CheckVerdict
  readonly message: string
}

/** Without these a registry is of no use, whatever else it offers. */
const ESSENTIAL: ReadonlySet<CheckName> = new Set(['reachable', 'tls', 'api-version', 'credentials'])

/** Whether the registry answers and accepts the credentials. */
export function isAvailable(checks: readonly Check[]): boolean {
  return !checks.some(({ check, verdict }) => verdict === 'fail' && ESSENTIAL.has(check))
}
