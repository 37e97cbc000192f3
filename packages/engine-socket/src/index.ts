export type { AdmitAnswer, AuthorizeAnswer, VouchAnswer } from './answer.ts'
export type { EngineClient, EngineClientEvent, EngineClientOptions } from './engine-client.ts'
export { createEngineClient } from './engine-client.ts'
export type {
  EngineServer,
  EngineServerEvent,
  EngineServerHandlers,
  EngineServerOptions,
  WrittenCall,
} from './engine-server.ts'
export { createEngineServer } from './engine-server.ts'
export type { EngineSocketErrorCode } from './engine-socket-error.ts'
export { EngineSocketError } from './engine-socket-error.ts'
export { defaultMaxFrameBytes } from './frame-encoder.ts'
export type {
  AdmitReply,
  AdmitRequest,
  AuthorizeReply,
  AuthorizeRequest,
  EngineNotice,
  EngineReply,
  EngineRequest,
  ExtractedEntity,
  OutcomeReport,
  ProvenRequest,
  Refusal,
  RefusalReason,
  RequestNumber,
  SaidAs,
  VouchReply,
  VouchRequest,
} from './messages.ts'
export { isPlainTask } from './plain-task.ts'
export type { PlainTask } from './plain-task.ts'
export { refusalReasons } from './refusal-reasons.ts'
export { mostUnjudgedBytes } from './unjudged-bytes.ts'
