import { defineConfig } from 'vitest/config'

/** Folders whose tests touch nothing outside of themselves: one worker imports the sources once for all. */
const pure = ['domain', 'report', 'wire', 'action', 'usecases', 'scripts'].map(
  (folder) => `__tests__/${folder}/**/*.test.ts`,
)

export default defineConfig({
  test: {
    // end-to-end tests start a real registry; the first run may fetch its binary, and the machine may be busy
    testTimeout: 120_000,
    hookTimeout: 300_000,
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'lcov'] },
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'rest', include: ['__tests__/**/*.test.ts'], exclude: pure } },
    ],
  },
})
