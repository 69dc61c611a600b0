// Stands in for undici in dist/index.js, as scripts/bundle.ts says. It offers the names that are imported from
// undici and can be constructed; whoever sends a request through it is told why that does not work.

const refuse = () => {
  throw new Error('undici is not in this bundle: send the request through src/transport')
}

/** What a fetch with this dispatcher calls first. */
export class ProxyAgent {
  dispatch = refuse
  request = refuse
  close = () => Promise.resolve()
  destroy = () => Promise.resolve()
}
