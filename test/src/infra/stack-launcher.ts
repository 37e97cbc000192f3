// A launcher with a whole stack.
import { openWorkplace, startStack } from '@cordon/infra'

import { reportAndStay } from './launched.ts'
import { wholeStack } from './whole-stack.ts'

const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
const stack = await startStack(workplace, await wholeStack(workplace))
const services = Object.values(stack.services).map(service => service.process.pid)
reportAndStay({
  pids: [workplace.supervisor.guardianPid, ...services],
  folders: [workplace.folder],
  facts: {},
})
