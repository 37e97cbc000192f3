import { runService } from '@cordon/lifecycle'
import { exitsWithStdin } from '@cordon/settings'

import { readConfig } from './config.ts'
import { startEngine } from './service.ts'

/** Above the longest wait that a bundle allows for one call's recording, with room for the publisher to finish. */
const drainTimeoutMs = 10_000

runService({
  name: 'engine',
  start: async () => startEngine(readConfig(process.env)),
  exitWithStdin: exitsWithStdin(process.env),
  drainTimeoutMs,
})
