'use strict'
// Stands in for @actions/exec in dist, as scripts/bundle.ts says: @actions/core would ask other programs about the
// operating system.

async function getExecOutput() {
  throw new Error('@actions/exec is not in this bundle: start programs through node:child_process')
}

module.exports = { getExecOutput }
