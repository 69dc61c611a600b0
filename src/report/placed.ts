/**
 * `repository: text`; the text alone where it begins with what it is about and names the repository there, as
 * errors of requests do: "tags of ghcr.io/acme/api: nothing answers".
 */
export function placed(repository: string, text: string): string {
  const subject = text.slice(0, Math.max(0, text.indexOf(': ')))
  return subject.split(/[\s@]/).some((word) => isOf(word, repository)) ? text : `${repository}: ${text}`
}

function isOf(word: string, repository: string): boolean {
  return word === repository || word.startsWith(`${repository}:`)
}
