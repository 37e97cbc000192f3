export { canonicalJson } from './canonical-json.ts'
export type { Clock } from './clock.ts'
export { systemClock } from './clock.ts'
export { CordonError } from './cordon-error.ts'
export { definitionDigest, definitionDigestPattern } from './definition-digest.ts'
export { errorCode } from './error-code.ts'
export { faultInWords } from './fault-in-words.ts'
export type { AgentId, EngineId, IdErrorCode, InvocationId, SessionId } from './ids.ts'
export {
  isSessionId,
  makeSessionId,
  parseAgentId,
  parseEngineId,
  parseInvocationId,
  parseSessionId,
  partitionOfSession,
} from './ids.ts'
export { hasInexactNumber } from './inexact-number.ts'
export type { JsonObject } from './json-object.ts'
export { isJsonObject } from './json-object.ts'
export type { JsonBounds } from './nesting.ts'
export { isNestedDeeperThan, jsonExcess } from './nesting.ts'
export type { Percentiles } from './percentiles.ts'
export { percentiles } from './percentiles.ts'
export { readBounded } from './read-bounded.ts'
export type { Random } from './seeded-random.ts'
export { seededRandom } from './seeded-random.ts'
export { uuidV7 } from './uuid-v7.ts'
