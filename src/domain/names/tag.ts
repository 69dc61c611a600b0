/** A tag name (distribution-spec "Pulling manifests"), validated; safe to put into a URL path. */
export type Tag = string & { readonly __brand: 'Tag' }

const GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

export function isTag(text: string): text is Tag {
  return GRAMMAR.test(text)
}
