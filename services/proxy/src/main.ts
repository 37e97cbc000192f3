import { runService } from '@cordon/lifecycle'
import { exitsWithStdin } from '@cordon/settings'

import { readConfig } from './config.ts'
import { startProxy } from './service.ts'

/** Twice the patience with open requests: children have to end too. */
const drainTimeoutMs = 20_000

runService({
  name: 'proxy',
  start: async () => startProxy(readConfig(process.env)),
  exitWithStdin: exitsWithStdin(process.env),
  drainTimeoutMs,
})
