import type { OpenEnginePorts } from '@cordon/engine'
import { parseSessionId, partitionOfSession } from '@cordon/foundation'
import type { SessionDecision, Standing } from '@cordon/schemas'
import type { StreamClient } from '@cordon/stream'

import { monotonicMs } from '../load/monotonic-time.ts'
import { answerParent } from '../process/child.ts'
import { openBenchEnginePorts } from '../stack/bench-engine-ports.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { openClient, openCodec } from '../stack/stream-access.ts'
import { noSeenDecisions, type SeenDecisions } from './seen-decisions.ts'
import type { TableQuestions } from './table-questions.ts'

// An engine's table of decisions in a process of its own, which notes when it held what.

let seen: SeenDecisions = noSeenDecisions()
const standings = new Map<string, Standing>()
let client: StreamClient | undefined
let opened: OpenEnginePorts | undefined

const onDecision = ({ sessionId, version, standing }: SessionDecision): void => {
  const seenAt = monotonicMs()
  const before = standings.get(sessionId)
  standings.set(sessionId, standing)
  seen.partitions.push(partitionOfSession(parseSessionId(sessionId)))
  seen.versions.push(version)
  seen.seenAt.push(seenAt)
  seen.kinds.push(before === undefined ? 'opened' : before === standing ? 'band' : standing)
}

answerParent<TableQuestions>({
  open: async access => {
    client = openClient(access)
    const codec = await openCodec(access)
    opened = await openBenchEnginePorts({ engineId: 'table', client, codec, bundle: plainBundle, onDecision })
    await opened.caughtUp
    return undefined
  },
  take: () => {
    const taken = seen
    seen = noSeenDecisions()
    return Promise.resolve(taken)
  },
  close: async () => {
    await opened?.close()
    await client?.close()
    return undefined
  },
})
