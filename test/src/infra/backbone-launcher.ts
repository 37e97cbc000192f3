// A launcher with broker and registry, kept in the folder that it is given, thrown away without one.
import { openWorkplace, startBackbone } from '@cordon/infra'

import { reportAndStay } from './launched.ts'

const [dataFolder] = process.argv.slice(2)
const workplace = await openWorkplace({
  environment: process.env,
  onProgress: () => undefined,
  ...(dataFolder === undefined ? {} : { dataFolder }),
})
try {
  const { broker, registry } = await startBackbone(workplace, { partitions: 2 })
  process.on('SIGTERM', () => void workplace.close().then(() => process.exit(0)))
  reportAndStay({
    pids: [workplace.supervisor.guardianPid, broker.process?.pid ?? 0, registry.process?.pid ?? 0],
    folders: workplace.lasting ? [] : [workplace.folder],
    facts: {
      brokers: broker.settings.brokers.join(','),
      registry: registry.settings.url,
      broker: broker.description,
    },
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  await workplace.close()
  process.exit(1)
}
