/** What the runner shows beside the run. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

/** `name=value` lines and `name<<DELIMITER` blocks, as the runner reads GITHUB_OUTPUT. */
export function keyValues(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line)
    if (heredoc) {
      const end = lines.indexOf(heredoc[2]!)
      if (end < 0) throw new Error(`output ${heredoc[1]} has no closing delimiter`)
      values[heredoc[1]!] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n')
    } else {
      const [name = '', ...value] = line.split('=')
      values[name] = value.join('=')
    }
  }
  return values
}

export interface Command {
  readonly name: string
  readonly properties: Record<string, string>
  readonly message: string
}

/** Every `::name key=value::message` line, unescaped. */
export function commandsIn(stdout: string): readonly Command[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*::([a-z-]+)(?: ([^\r\n]*?))?::(.*)$/.exec(line)
    if (!found) return []
    const [, name = '', properties = '', message = ''] = found
    const pairs = properties
      .split(',')
      .filter(Boolean)
      .map((pair) => {
        const [key = '', ...value] = pair.split('=')
        return [key, unescape(value.join('=')).replaceAll('%3A', ':').replaceAll('%2C', ',')] as const
      })
    return [{ name, properties: Object.fromEntries(pairs), message: unescape(message) }]
  })
}

export function annotationsIn(stdout: string): readonly Annotation[] {
  return commandsIn(stdout).flatMap(({ name, properties, message }) =>
    name === 'error' || name === 'warning' || name === 'notice' ? [{ level: name, properties, message }] : [],
  )
}

function unescape(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}
