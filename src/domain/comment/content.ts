/**
 * How the footer begins: the last line, with the run and the commit. Foreign text cannot begin so, it is
 * escaped.
 */
export const FOOTER_START = '<sub>registry-warden'

/**
 * Whether two bodies say the same to a reader. The footer does not count, for run and commit differ in each
 * run; nor do line ends, which GitHub's editor rewrites.
 */
export function saysTheSame(a: string, b: string): boolean {
  return withoutFooter(a) === withoutFooter(b)
}

function withoutFooter(body: string): string {
  const text = body.replaceAll('\r\n', '\n').trimEnd()
  const lastLine = text.lastIndexOf('\n') + 1
  return text.startsWith(FOOTER_START, lastLine) ? text.slice(0, lastLine).trimEnd() : text
}
