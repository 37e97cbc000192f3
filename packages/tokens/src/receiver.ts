export type { Actor } from './actor.ts'
export type { McpCall } from './downstream/mcp-call.ts'
export { mcpCallOf } from './downstream/mcp-call.ts'
export type { GuardedRequest, GuardFault, GuardOptions, HttpGuard } from './receiver/guard-http.ts'
export { guardHttp } from './receiver/guard-http.ts'
export type { KeySource } from './receiver/key-source.ts'
export { openKeySource } from './receiver/key-source.ts'
export type {
  Receiver,
  ReceiverFault,
  ReceiverOptions,
  ReceiverSettings,
  ReceiverSources,
  Refused,
  Verified,
} from './receiver/receiver.ts'
export { createReceiver } from './receiver/receiver.ts'
export type { Spending, SpentTokens } from './receiver/spent-tokens.ts'
export type { StatusListSource } from './receiver/status-reader.ts'
