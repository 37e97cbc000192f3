import { describe } from 'node:test'

import { adminConformance } from './admin-conformance.ts'
import type { OpenConformanceClients } from './conformance-clients.ts'
import { fencedWriterConformance } from './fenced-writer-conformance.ts'
import { followerConformance } from './follower-conformance.ts'
import { membershipConformance } from './membership-conformance.ts'
import { publisherConformance } from './publisher-conformance.ts'
import { tableConformance } from './table-conformance.ts'
import { taskConformance } from './task-conformance.ts'

export type { ConformanceTest, OpenConformanceClients } from './conformance-clients.ts'

/**
 * What every implementation of the stream's ports does, registered as tests of `node:test`.
 * @param name completes "the stream …"
 */
export const streamConformance = (name: string, open: OpenConformanceClients): void => {
  describe(`the stream ${name}`, () => {
    adminConformance(open)
    publisherConformance(open)
    followerConformance(open)
    tableConformance(open)
    fencedWriterConformance(open)
    membershipConformance(open)
    taskConformance(open)
  })
}
