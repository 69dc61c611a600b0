import './action/node-version.ts'
import { githubRunner } from './action/runner.ts'
import { main } from './main.ts'

// Failure until proven otherwise: a run that ends early, for whatever reason, must never look green.
process.exitCode = 1
let complete = false
process.once('exit', () => {
  if (!complete) process.stdout.write('::error::The run ended before it was complete. Please report this.\n')
})

const green = await main(githubRunner())
complete = true
process.exitCode = green ? 0 : 1
