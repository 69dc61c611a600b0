/**
 * The host and folders that all repositories are in, up to the last slash: `ghcr.io/acme/`; empty where they
 * have none in common. Said once, it leaves room in a table for what tells them apart.
 */
export function commonFolder(repositories: readonly string[]): string {
  const [first = '', ...others] = repositories
  const folders = first.split('/').slice(0, -1)
  const differs = folders.findIndex((_, depth) => {
    const folder = `${folders.slice(0, depth + 1).join('/')}/`
    return others.some((repository) => !repository.startsWith(folder))
  })
  const common = differs === -1 ? folders : folders.slice(0, differs)
  return common.length === 0 ? '' : `${common.join('/')}/`
}
