// Runners that are not GitHub's take whatever Node is on PATH. This must be the first import of the entry:
// what an older Node lacks is called while other modules are still being loaded.
const OLDEST = 22

const [major = '0'] = process.versions.node.split('.')
if (Number(major) < OLDEST) {
  process.stdout.write(
    `::error::registry-warden needs Node 24, and this is Node ${process.versions.node} (${process.execPath}). ` +
      'Update the runner, or put Node 24 on its PATH\n',
  )
  process.exit(1)
}
