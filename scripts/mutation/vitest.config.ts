import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * The tests of the pure rules; a mutant that only an end-to-end test would notice counts as survived. Each runs
 * once for each mutant of what it covers, so those that take seconds are left out, and properties are tried less
 * often.
 */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['__tests__/domain/prune/**/*.test.ts', '__tests__/domain/size/**/*.test.ts'],
    exclude: ['**/hostile-sizes.test.ts'],
    env: { PROPERTY_RUNS: '0.1' },
    isolate: false,
    testTimeout: 120_000,
  },
})
