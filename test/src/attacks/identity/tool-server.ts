import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { createReceiver, guardHttp } from '@cordon/tokens/receiver'

type ReceiverOptions = Parameters<typeof createReceiver>[0]

/** A tool server that acts on what its receiver lets through, and on nothing else. */
export interface ToolServer {
  readonly url: string
  /** Calls that it acted on, as JSON. */
  readonly acted: readonly string[]
  /** What it refused, and every token that came. */
  readonly refused: readonly string[]
  readonly tokens: readonly string[]
}

export interface SlowToolServer extends ToolServer {
  /** Calls whose caller hung up before they were answered: MCP 2026-07-28 has a server stop then. */
  readonly hungUp: number
  /** Calls are acted on and not answered until they are let go. */
  hold(): void
  release(): void
}

/** @returns where it listens */
export const listen = async (context: TestContext, answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** It speaks MCP 2026-07-28. */
export const openToolServer = async (
  context: TestContext,
  options: ReceiverOptions,
): Promise<SlowToolServer> => {
  const acted: string[] = []
  const refused: string[] = []
  const tokens: string[] = []
  let hungUp = 0
  let held = Promise.resolve()
  let release = (): void => undefined
  const guard = guardHttp(createReceiver(options), { onRefused: reason => refused.push(reason) })
  const url = await listen(context, (request, response) => {
    const answer = async (): Promise<void> => {
      tokens.push((request.headers.authorization ?? '').replace('Bearer ', ''))
      const call = await guard(request, response)
      if (call === undefined) return
      const { id, method, params } = call.body ?? {}
      if (method === 'tools/call') {
        acted.push(JSON.stringify(params))
        response.once('close', () => {
          if (!response.writableFinished) hungUp += 1
        })
        await held
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id, result: method === 'tools/call' ? done : discovered }),
      )
    }
    void answer()
  })
  const hold = (): void => {
    held = new Promise(resolve => {
      release = resolve
    })
  }
  return {
    url: `${url}/mcp`,
    acted,
    refused,
    tokens,
    get hungUp() {
      return hungUp
    },
    hold,
    release: () => release(),
  }
}

const done = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] }

const discovered = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {} },
  serverInfo: { name: 'files', version: '1' },
  tools: [],
}
