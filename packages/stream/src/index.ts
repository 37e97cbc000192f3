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
export type { StreamLog } from './kafka/stream-log.ts'
