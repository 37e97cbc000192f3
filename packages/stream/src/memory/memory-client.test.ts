import { streamConformance } from '../conformance/stream-conformance.ts'
import { createMemoryClient } from './memory-client.ts'
import { MemoryCluster } from './memory-cluster.ts'

streamConformance('in memory', test => {
  const cluster = new MemoryCluster()
  return () => {
    const client = createMemoryClient({ cluster })
    test.after(async () => await client.close())
    return client
  }
})
