import { errorCode } from '../../core/error-code.ts'
import type { RpcResponse } from '../../core/json-rpc.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import { finishReply } from '../../session/finish-reply.ts'

/** MCP 2026-07-28, Streamable HTTP: errors that the transport repeats. */
const statuses: Readonly<Record<number, number>> = {
  [errorCode.methodNotFound]: 404,
  [errorCode.headerMismatch]: 400,
  [errorCode.missingCapability]: 400,
  [errorCode.unsupportedVersion]: 400,
}

/** Gives the agent its response under its own id, after the engine. */
export const answerExchange = (exchanges: Exchanges, exchange: Exchange, response: RpcResponse): void => {
  const { result, error } = response
  const text = JSON.stringify({
    jsonrpc: '2.0',
    id: exchange.agentId,
    ...(error === undefined ? { result } : { error }),
  })
  const code = isJsonObject(error) ? Number(error['code']) : undefined
  const told = exchanges.conclude(exchange, response, text)
  finishReply(exchange.reply, told, code === undefined ? 200 : (statuses[code] ?? 200))
}
