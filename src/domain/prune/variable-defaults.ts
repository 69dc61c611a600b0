/** More levels of defaults inside defaults than anybody writes. */
const MAX_ROUNDS = 8
/**
 * `${NAME:-default}` as Compose, Dockerfiles, env files and shells have it, with `-`, `=`, `+` or `?`, the
 * colon optional. Innermost first: what is replaced holds no default of its own.
 */
const WITH_DEFAULT =
  /\$\{[A-Za-z_][A-Za-z0-9_]{0,100}:?[-=+?]((?:[^${}\n]|\$(?!\{)|\$\{[A-Za-z0-9_]{0,100}\}){0,500})\}/g

/** A text with every variable that has a default filled in with it; null where there is none. */
export function withDefaults(text: string): string | null {
  let filled = text
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = filled.replaceAll(WITH_DEFAULT, '$1')
    if (next === filled) break
    filled = next
  }
  return filled === text ? null : filled
}
