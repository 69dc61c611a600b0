'use strict'
// Stands in for tunnel in dist, as scripts/bundle.ts says: src/transport has agents of its own for proxies. An agent can
// be made, as @actions/github does while it is imported behind a proxy; whoever sends a request through it is told.

function refuse() {
  throw new Error('tunnel is not in this bundle: send the request through src/transport')
}

const agent = () => ({ addRequest: refuse })

module.exports = {
  httpOverHttp: agent,
  httpsOverHttp: agent,
  httpOverHttps: agent,
  httpsOverHttps: agent,
}
