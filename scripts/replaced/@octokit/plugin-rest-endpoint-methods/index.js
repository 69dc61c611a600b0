// Stands in for octokit's methods in dist, as scripts/bundle.ts says: requests are written as routes.

export function restEndpointMethods() {
  return {}
}
