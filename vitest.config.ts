import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // end-to-end tests start a real registry; the first run may fetch its binary, and the machine may be busy
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // half of the processor time went into importing the sources for each file; a test that changes something of
    // its process (the environment, the working folder) puts it back
    isolate: false,
    unstubEnvs: true,
    // end-to-end tests wait for half of their time: until a retry is due, or what is missing is asked for again
    maxWorkers: availableParallelism() + 4,
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'lcov'] },
  },
})
