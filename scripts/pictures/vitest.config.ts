import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The pictures in docs/: the emulator of workflows lives on hooks of vitest, so vitest runs them. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: { include: ['scripts/pictures/*.drawing.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
})
