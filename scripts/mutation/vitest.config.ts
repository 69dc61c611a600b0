import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The tests of the pure rules; a mutant that only an end-to-end test would notice counts as survived. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['__tests__/domain/prune/**/*.test.ts', '__tests__/domain/size/**/*.test.ts'],
    testTimeout: 120_000,
  },
})
