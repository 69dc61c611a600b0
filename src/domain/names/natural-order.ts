let collator: Intl.Collator | null = null

/**
 * Natural order, digit runs by value and then letters (`build-9` < `build-10`), the same for ASCII text on
 * every machine; no two different texts are equal.
 */
export function compareNaturally(a: string, b: string): number {
  // on first use: ICU takes milliseconds to load it, and a run that sorts nothing should not wait
  collator ??= new Intl.Collator('en', { numeric: true })
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b))
}
