export type {
  AssignmentEpoch,
  ClaimOptions,
  DecodedRecord,
  FencedWriter,
  Follower,
  FollowerOptions,
  KeyedValue,
  LogRecord,
  Membership,
  MembershipOptions,
  OutgoingRecord,
  Publisher,
  RecordCodec,
  StreamClient,
  TableOptions,
  TableReader,
  TopicAdmin,
  TopicOptions,
} from './ports.ts'
export { reservedKeyPrefix } from './ports.ts'
export type {
  InputRecord,
  Output,
  ProcessResult,
  StateChange,
  StatefulProcessor,
  StateView,
} from './stateful-processor.ts'
export type { StreamErrorCode } from './stream-error.ts'
export { Fenced, PoisonRecord, SchemaMissing, StreamError, TransientFault } from './stream-error.ts'
export { openKafkaClient } from './kafka/kafka-client.ts'
export type { KafkaClientOptions } from './kafka/kafka-client.ts'
export type { KafkaClientSettings } from './kafka/kafka-settings.ts'
export type { KafkaTuning } from './kafka/kafka-tuning.ts'
export type { KafkaJsRepairs } from './kafka/kafkajs-repairs.ts'
export type { StreamLog } from './kafka/stream-log.ts'
export type { Cancel, Scheduler } from './scheduler.ts'
export { systemScheduler } from './scheduler.ts'
export type { StatefulService, StatefulServiceOptions } from './task/stateful-service.ts'
export { runStatefulService } from './task/stateful-service.ts'
export type { TaskStatus } from './task/stateful-task.ts'
export type { CommitFacts, RestoredFacts, TaskEvents } from './task/task-events.ts'
export type { TaskLimits } from './task/task-limits.ts'
export type { TaskState } from './task/task-state.ts'
export type { MemoryClient, MemoryClientOptions } from './memory/memory-client.ts'
export { createMemoryClient } from './memory/memory-client.ts'
export type { MemoryClusterOptions } from './memory/memory-cluster.ts'
export { MemoryCluster } from './memory/memory-cluster.ts'
export type { MemoryFault } from './memory/memory-faults.ts'
export type { MemoryAct, MemoryOperation, MemoryStep, MemoryTransport } from './memory/memory-step.ts'
export { ContractBroken } from './driver/checked-processor.ts'
export type { DriverOwner, OwnerFact } from './driver/driver-owner.ts'
export type { PendingStep } from './driver/manual-timeline.ts'
export type { StreamDriverOptions } from './driver/stream-driver.ts'
export { StreamDriver } from './driver/stream-driver.ts'
