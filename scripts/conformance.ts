import { examine } from './conformance/examine.ts'
import { parseOptions, USAGE } from './conformance/options.ts'
import { tableOf } from './conformance/row.ts'

async function main(): Promise<number> {
  const parameters = process.argv.slice(2)
  if (parameters.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const options = await parseOptions(parameters, process.env, passwordFromInput)
  console.log(`Examining ${options.origin}, repository ${options.repository}\n`)
  const rows = await examine(options)
  const wrong = rows.filter(({ verdict }) => verdict === 'wrong').length
  console.log(tableOf(rows))
  console.log(wrong === 0 ? '\nNothing was wrong.' : `\n${wrong} of these should not be.`)
  return wrong === 0 ? 0 : 1
}

async function passwordFromInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password: ')
  const parts: string[] = []
  for await (const part of process.stdin.setEncoding('utf8')) {
    parts.push(String(part))
    if (process.stdin.isTTY && String(part).includes('\n')) break
  }
  return parts.join('')
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
