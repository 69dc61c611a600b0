'use strict'
// Stands in for undici in dist, as scripts/bundle.ts says. What is made of it while a package is imported
// can be made; whoever sends a request through it is told why that does not work.

async function fetch() {
  throw new Error('undici is not in this bundle: send the request through src/transport')
}

class ProxyAgent {
  dispatch() {
    throw new Error('undici is not in this bundle: send the request through src/transport')
  }
}

module.exports = { fetch, ProxyAgent }
