/**
 * A scope of one repository that may be merged with others (distribution token spec, "Resource scope
 * grammar").
 */
export interface RepositoryScope {
  readonly name: string
  /** sorted, each once; `*` swallows the others */
  readonly actions: readonly string[]
}

const KNOWN_ACTIONS = new Set(['pull', 'push', 'delete', '*'])

/** The scopes of a challenge's `scope` parameter, in its order. */
export function splitScopes(text: string): readonly string[] {
  return [...new Set(text.split(/\s+/).filter((scope) => scope !== ''))]
}

/**
 * Reads `repository:<name>:<actions>` from both ends, since the name may hold `:port`.
 * Null for everything else (`*` of Forgejo, `aws` of ECR Public, `registry:catalog:*`): opaque, sent back
 * verbatim.
 */
export function parseRepositoryScope(scope: string): RepositoryScope | null {
  const first = scope.indexOf(':')
  const last = scope.lastIndexOf(':')
  if (first < 0 || last === first || scope.slice(0, first) !== 'repository') return null
  const name = scope.slice(first + 1, last)
  const actions = scope.slice(last + 1).split(',')
  return name !== '' && actions.every((action) => KNOWN_ACTIONS.has(action)) ? { name, actions } : null
}

/** `repository:<name>:<actions>`, actions normalised. */
export function formatRepositoryScope(name: string, actions: readonly string[]): string {
  return `repository:${name}:${normaliseActions(actions).join(',')}`
}

/**
 * The union of scopes, normalised: one scope per repository with all its actions, opaque scopes verbatim.
 * What `needed` names comes first, since some servers read only the first scope.
 */
export function mergeScopes(needed: readonly string[], known: readonly string[]): readonly string[] {
  const merged = new Map<string, readonly string[] | null>()
  for (const scope of [...needed, ...known]) {
    const parsed = parseRepositoryScope(scope)
    if (parsed === null) {
      merged.set(scope, null)
    } else {
      const key = `repository:${parsed.name}:`
      merged.set(key, normaliseActions([...(merged.get(key) ?? []), ...parsed.actions]))
    }
  }
  return [...merged].map(([key, actions]) => (actions === null ? key : key + actions.join(',')))
}

/** What a request needs, to find the scopes to ask for. */
export interface ScopeNeed {
  /** null: the catalog, or the registry itself */
  readonly path: string | null
  readonly actions: readonly string[]
  /** scopes of the challenge; empty: it named none */
  readonly challenged: readonly string[]
  /** scopes of the token that is replaced, so that an upgraded token stays upgraded */
  readonly held: readonly string[]
  /** a read of this repository succeeded, so asking for `push` cannot create it (Quay and GitLab do) */
  readonly exists: boolean
}

/**
 * The scope sets to ask the token endpoint for, best first; the next is for when it answers 400
 * (registry-specific delete rights: most want `delete`, Quay rejects that and wants `push`, OpenShift takes
 * anything).
 */
export function scopesToAsk(need: ScopeNeed): readonly (readonly string[])[] {
  const { path, actions, challenged, held } = need
  if (path === null) {
    const catalog = actions.length === 0 ? [] : [`registry:catalog:${actions.join(',')}`]
    return [challenged.length > 0 ? challenged : catalog]
  }
  const isDelete = actions.includes('delete')
  const wanted = isDelete && need.exists ? ['pull', 'push', 'delete'] : ['pull', ...actions]
  const needed = challenged.length > 0 ? challenged : [formatRepositoryScope(path, wanted)]
  // a registry that names its repositories otherwise (or not at all) gets its own words back, and nothing of
  // ours
  const speaksOurName = needed.some((scope) => parseRepositoryScope(scope)?.name === path)
  const base = speaksOurName ? [formatRepositoryScope(path, ['pull'])] : []
  const sets = [mergeScopes(needed, [...base, ...held])]
  if (isDelete && need.exists) {
    sets.push([formatRepositoryScope(path, ['pull', 'push'])], [formatRepositoryScope(path, ['*'])])
  }
  return sets
}

function normaliseActions(actions: readonly string[]): readonly string[] {
  return actions.includes('*') ? ['*'] : [...new Set(actions)].sort()
}
