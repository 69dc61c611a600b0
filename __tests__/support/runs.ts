/**
 * How often a property is tried: as often as a suite has time for, times `PROPERTY_RUNS` for a long search. Mutation
 * testing, which repeats all of them for each change, tries a part.
 */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(usual * (Number(process.env['PROPERTY_RUNS']) || 1)) }
}
