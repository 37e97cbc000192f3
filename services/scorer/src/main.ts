import { runService } from '@cordon/lifecycle'
import { exitsWithStdin } from '@cordon/settings'

import { readConfig } from './config.ts'
import { startScorer } from './service.ts'

/** Commits under way take milliseconds; a task gives its outputs a second. */
const drainTimeoutMs = 8000

runService({
  name: 'scorer',
  start: async () => startScorer(readConfig(process.env)),
  exitWithStdin: exitsWithStdin(process.env),
  drainTimeoutMs,
})
