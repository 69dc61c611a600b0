import { inputError } from '../errors.ts'

/** A tag name (distribution-spec "Pulling manifests"), validated; safe to put into a URL path. */
export type Tag = string & { readonly __brand: 'Tag' }

const GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Whether `parseTag` takes it. */
export function isTag(text: string): text is Tag {
  return GRAMMAR.test(text)
}

/**
 * Parses a tag that a user wrote into the input.
 * @throws WardenError of kind `input`
 */
export function parseTag(text: string, input: string): Tag {
  if (!isTag(text)) {
    throw inputError(
      input,
      text,
      'A tag has 1 to 128 letters, digits, _ . or -, and starts with neither . nor -',
    )
  }
  return text
}

/** Tags as a reference has them behind its repository: `:1.5, :1`. */
export function tagList(tags: readonly string[]): string {
  return tags.map((tag) => `:${tag}`).join(', ')
}
