import { runService } from '@cordon/lifecycle'
import { exitsWithStdin } from '@cordon/settings'

import { readConfig } from './config.ts'
import { startIdentity } from './service.ts'

/** An opening under way may wait as long as its first decision may take. */
const drainTimeoutMs = 11_000

runService({
  name: 'identity',
  start: async () => startIdentity(readConfig(process.env)),
  exitWithStdin: exitsWithStdin(process.env),
  drainTimeoutMs,
})
