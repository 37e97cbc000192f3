import type { OutgoingRecord } from '@cordon/stream'

import { publishAll } from '../load/publish-all.ts'
import { answerParent } from '../process/child.ts'
import { openClient, openCodec } from '../stack/stream-access.ts'
import { backlogRecords } from './backlog-records.ts'
import type { Backlog, BacklogQuestions } from './backlog-questions.ts'

// Writes a backlog in a process of its own, so that what it cost is over and gone when it is measured.

answerParent<BacklogQuestions>({
  write: async ({ access, ...plan }) => {
    const client = openClient(access)
    const publisher = await client.openPublisher()
    const lastsMs = (plan.events / plan.eventsPerSecond) * 1000
    const records = backlogRecords(plan, await openCodec(access), Date.now() - lastsMs)
    let backlog: Backlog | undefined
    const counted = function* (): Generator<OutgoingRecord, void, undefined> {
      backlog = yield* records
    }
    await publishAll(counted(), publisher)
    await client.close()
    return backlog!
  },
})
