/**
 * How often a property is tried: as often as a suite has time for, times `PROPERTY_RUNS` for a long search.
 */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: usual * (Number(process.env['PROPERTY_RUNS']) || 1) }
}
