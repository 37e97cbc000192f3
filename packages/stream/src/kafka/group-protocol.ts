import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { AssignableMember } from './stable-assignment.ts'

/**
 * The consumer protocol's embedded formats (ConsumerProtocolSubscription and ConsumerProtocolAssignment, version 0), so
 * that Kafka's own tools show who owns what. What a member owned travels in the subscription's user data.
 */
const version = 0
const noUserData = Buffer.alloc(0)

/** The name under which members agree on this way of assigning. */
export const assignmentProtocol = 'cordon-stable'

export const encodeSubscription = (topic: string, generation: number, owned: readonly number[]): Buffer => {
  const userData = new ByteWriter().int32(generation)
  userData.array(owned, partition => userData.int32(partition))
  const subscription = new ByteWriter().int16(version)
  return subscription.array([topic], name => subscription.string(name)).bytes(userData.written).written
}

export const decodeSubscription = (memberId: string, bytes: Buffer): AssignableMember => {
  const reader = new ByteReader(bytes)
  reader.int16()
  reader.array(() => reader.string())
  const userData = new ByteReader(reader.nullableBytes() ?? noUserData)
  if (userData.remaining === 0) return { memberId, generation: -1, owned: [] }
  return { memberId, generation: userData.int32(), owned: userData.array(() => userData.int32()) }
}

export const encodeAssignment = (topic: string, partitions: readonly number[]): Buffer => {
  const assignment = new ByteWriter().int16(version)
  assignment.array([topic], name => {
    assignment.string(name).array(partitions, partition => assignment.int32(partition))
  })
  return assignment.bytes(noUserData).written
}

export const decodeAssignment = (bytes: Buffer): readonly number[] => {
  if (bytes.length === 0) return []
  const reader = new ByteReader(bytes)
  reader.int16()
  return reader.array(() => (reader.string(), reader.array(() => reader.int32()))).flat()
}
