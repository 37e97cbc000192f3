import { provenMessageOf } from '@cordon/tokens'

import type { HttpReply } from './answer-reader.ts'
import { openHttpConnection } from './http-connection.ts'
import { createProver } from './prover.ts'

/** Where calls go. */
export interface McpTarget {
  readonly port: number
  readonly path: string
  /** Where Cordon is in between. */
  readonly session?: HeldSession
}

/** What an agent holds of its session. */
export interface HeldSession {
  readonly token: string
  /** Of the key that the token is bound to: 32 bytes, hexadecimal. */
  readonly seed: string
}

/** One MCP session on one connection, as a client of little means has it: what it costs is little, and always the same. */
export interface McpCaller {
  /** @throws Error unless the tool itself answered this very call */
  call(tool: string): Promise<void>
  /** Another connection, the same session. */
  renew(): Promise<void>
  close(): void
}

const protocolVersion = '2025-11-25'

/** What a call of a recorded session looks like: a few names, and a text that makes most of its 1.5 KB. */
const callArguments = {
  recipient: 'controller@example.com',
  path: '/reports/2026/third-quarter.md',
  account: 'DE02120300000000202051',
  text: 'The figures of the third quarter follow; invoices 10482 to 10497 are settled. '.repeat(17),
} as const

export const openMcpCaller = async ({ port, path, session: held }: McpTarget): Promise<McpCaller> => {
  const connection = await openHttpConnection(port)
  const url = `http://127.0.0.1:${port}${path}`
  const prover = held && createProver(held, url)
  const server = path.split('/').at(-1) ?? ''
  const post = async (content: Readonly<Record<string, unknown>>): Promise<HttpReply> => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...content })
    if (prover === undefined) return connection.post(path, headers, body)
    const message = provenMessageOf(server, content)
    return prover.ask(message, proof => connection.post(path, { ...headers, ...proof }, body))
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const initialized = await post({
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'cordon-bench', version: '1.0.0' },
    },
  })
  if (initialized.status !== 200) throw unexpected('initialize', initialized.status)
  headers['mcp-protocol-version'] = protocolVersion
  const session = initialized.headers['mcp-session-id']
  if (session !== undefined) headers['mcp-session-id'] = session
  const noted = await post({ method: 'notifications/initialized' })
  if (noted.status !== 202) throw unexpected('notifications/initialized', noted.status)
  let id = 0
  return {
    call: async tool => {
      id += 1
      const params = { name: tool, arguments: { ...callArguments, number: id } }
      const { status, body } = await post({ id, method: 'tools/call', params })
      if (status !== 200) throw unexpected('tools/call', status)
      checkAnswer(body, id)
    },
    renew: () => connection.renew(),
    close: () => connection.close(),
  }
}

const unexpected = (method: string, status: number): Error =>
  new Error(`${method}: expected it to be answered, got status ${status}`)

interface CallAnswer {
  readonly id?: unknown
  readonly result?: { readonly isError?: unknown; readonly content?: readonly { readonly text?: unknown }[] }
}

/** A refusal is fast: taken for an answer it would make the figures good and worthless. */
const checkAnswer = (body: string, id: number): void => {
  const { result, ...answer } = JSON.parse(body) as CallAnswer
  const text = result?.content?.[0]?.text
  const isAnswered = typeof text === 'string' && text.startsWith(`settled ${id} `)
  if (answer.id === id && result?.isError !== true && isAnswered) return
  throw new Error(
    `tools/call: expected the tool's own answer, got ${result?.isError === true ? 'a refusal' : 'another one'}`,
  )
}
