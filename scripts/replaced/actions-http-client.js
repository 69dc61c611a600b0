// Stands in for @actions/http-client below @actions/core in dist, as scripts/bundle.ts says. A client can
// be made, and whoever sends a request through it is told why that does not work.

const refuse = async () => {
  throw new Error('@actions/core sends no requests in this bundle: send the request through src/transport')
}

export class HttpClient {
  request = refuse
  requestRaw = refuse
  get = refuse
  getJson = refuse
  head = refuse
  post = refuse
  postJson = refuse
  put = refuse
  patch = refuse
  del = refuse
  options = refuse
  dispose() {}
}
