import { readFileSync } from 'node:fs'

// `@actions/github` parses the payload of the event while it is imported, and a payload that is no JSON would
// end the run there, without a word that people understand. It is not needed: `wire/event.ts` reads the
// payload, and warns. This file must be the first that is imported.
const path = process.env['GITHUB_EVENT_PATH']
if (path && !isJson(path)) delete process.env['GITHUB_EVENT_PATH']

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8'))
    return true
  } catch {
    return false
  }
}
