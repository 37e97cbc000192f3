import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { Client } from '@modelcontextprotocol/sdk/client/index.js'

import { startMcpProcess } from '../support/mcp-process.ts'
import type { Agent } from './agent.ts'
import { connectOverHttp } from './agent.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { openProxyWorld } from './proxy-world.ts'

export const talkativeProgram: string = fileURLToPath(new URL('talkative-server.process.ts', import.meta.url))

export const transports = ['http', 'stdio'] as const

/** A proxy in front of the talkative server, and an agent on the official client. */
export const openTalkativeWorld = async (
  test: TestContext,
  transport: (typeof transports)[number],
  options: Parameters<typeof openProxyWorld>[2] = {},
): Promise<ProxyWorld & Agent> => {
  const world = await openProxyWorld(
    test,
    {
      talkative:
        transport === 'http'
          ? { transport, url: await startMcpProcess(test, talkativeProgram), headers: {} }
          : { transport, command: process.execPath, args: [talkativeProgram, 'stdio'], env: {} },
    },
    options,
  )
  return { ...world, ...(await connectOverHttp(test, world.urlOf('talkative'), 'alice')) }
}

type CallOptions = Parameters<Client['callTool']>[2]

/** What a tool says. */
export const say = async (client: Client, name: string, options?: CallOptions): Promise<string> => {
  const { content } = await client.callTool({ name, arguments: {} }, undefined, options)
  return (content as readonly { readonly text: string }[])[0]!.text
}
