'use strict'
// Stands in for tunnel in dist, as scripts/bundle.ts says: src/transport has agents of its own for proxies.

function refuse() {
  throw new Error('tunnel is not in this bundle: send the request through src/transport')
}

module.exports = {
  httpOverHttp: refuse,
  httpsOverHttp: refuse,
  httpOverHttps: refuse,
  httpsOverHttps: refuse,
}
