import { StreamError, TransientFault } from '../stream-error.ts'

/** Names of the broker's error codes that the adapter tells apart (kafka.apache.org/protocol, "Error Codes"). */
const brokerFaults: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_FOR_PARTITION',
  7: 'REQUEST_TIMED_OUT',
  10: 'MESSAGE_TOO_LARGE',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  31: 'CLUSTER_AUTHORIZATION_FAILED',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  46: 'DUPLICATE_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  49: 'INVALID_PRODUCER_ID_MAPPING',
  53: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  56: 'KAFKA_STORAGE_ERROR',
  59: 'UNKNOWN_PRODUCER_ID',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  87: 'INVALID_RECORD',
  90: 'PRODUCER_FENCED',
}

/** @param code an error code of a response; 0 is none */
export const brokerFault = (code: number): string => brokerFaults[code] ?? `BROKER_ERROR_${code}`

/** What a client or a broker reported, by its stable name: the broker's error, or the class of kafkajs's own. */
export const faultName = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error
  if ('type' in error && typeof error.type === 'string') return error.type
  // kafkajs wraps what made it give up
  return error.cause instanceof Error && error.name.startsWith('KafkaJS')
    ? faultName(error.cause)
    : error.name
}

const refusals: ReadonlySet<string> = new Set([
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_VERSION',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_GROUP_ID',
  'INCONSISTENT_GROUP_PROTOCOL',
])

/** Faults that no retry cures: the cluster or the settings must be changed first. */
export const isRefusal = (fault: string): boolean =>
  fault.endsWith('AUTHORIZATION_FAILED') || refusals.has(fault)

/** The stream's error for a fault of the cluster. @param what the operation, for the message */
export const streamErrorOf = (what: string, fault: string, cause?: unknown): StreamError => {
  const detail = cause instanceof Error ? ` (${cause.message})` : ''
  if (isRefusal(fault)) {
    return new StreamError('REFUSED', `${what}: expected the cluster to allow it, got ${fault}${detail}`, {
      cause,
    })
  }
  return new TransientFault(`${what}: expected an answer, got ${fault}${detail}`, { cause })
}
