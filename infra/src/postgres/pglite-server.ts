// The process behind `startPglitePostgres`: node pglite-server.ts PORT
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

import { makeExitCertain } from '@cordon/lifecycle'

makeExitCertain()

/** It runs one query at a time; connections beyond the first wait for each other. */
const maxConnections = 16

const db = await PGlite.create()
const server = new PGLiteSocketServer({
  db,
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxConnections,
})
await server.start()
process.stdin.on('end', () => process.exit(0)).resume()
