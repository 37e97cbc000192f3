// A launcher with three processes: one that ends with its input, one that ignores every request to end and has a
// child of its own, and one that ends when asked.
import { openWorkplace } from '@cordon/infra'

import { reportAndStay } from './launched.ts'

const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
const { supervisor, folder } = workplace
const environment = { PATH: process.env['PATH'] ?? '' }

const reader = await supervisor.start({
  name: 'reader',
  command: process.execPath,
  args: ['-e', 'process.stdin.on("end", () => process.exit()).resume()'],
  environment,
  exitsWithStdin: true,
})
const stubborn = await supervisor.start({
  name: 'stubborn',
  command: 'sh',
  args: ['-c', 'trap "" TERM INT; sleep 300 & echo $! > child.pid; while true; do wait; done'],
  environment,
  stopSteps: [{ signal: 'SIGTERM', waitMs: 300 }],
})
const obedient = await supervisor.start({ name: 'obedient', command: 'sleep', args: ['300'], environment })

process.on('SIGTERM', () => void workplace.close().then(() => process.exit(0)))
reportAndStay({
  pids: [supervisor.guardianPid, reader.pid, stubborn.pid, obedient.pid],
  folders: [folder],
  facts: { guardian: String(supervisor.guardianPid), childFile: `${folder}/child.pid` },
})
