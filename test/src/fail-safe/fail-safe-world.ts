import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { ServiceName, Stack } from '@cordon/infra'
import { openWorkplace, startStack } from '@cordon/infra'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { valueOf } from '../support/series.ts'
import { guardedTools } from './guarded-tools.ts'

/** What became of one call: it got through, or the reason why not. */
export type CallEnd = 'forwarded' | (string & {})

/** A service, or what the stack runs on. */
type Part = ServiceName | 'broker' | 'registry'

/** Every service as it is deployed, an agent with an open session, and a hand on each process. */
export interface FailSafeWorld {
  readonly stack: Stack
  /** A low read. */
  read(): Promise<CallEnd>
  /** Sensitive. */
  write(): Promise<CallEnd>
  /** Judged by the scorer before it is forwarded. */
  gated(): Promise<CallEnd>
  /** As `kill -9` does. */
  kill(part: Part): void
  /** It stands still, with all its connections open. */
  freeze(part: Part): void
  thaw(part: Part): void
  /** @param series name and labels, as Prometheus shows them */
  counted(service: ServiceName, series: string): Promise<number>
}

/** @param ownBackbone a broker and a registry of its own, to be disturbed; otherwise those of the test run */
export const openFailSafeWorld = async (
  context: TestContext,
  { ownBackbone = false }: { readonly ownBackbone?: boolean } = {},
): Promise<FailSafeWorld> => {
  const environment = ownBackbone
    ? { ...process.env, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '' }
    : process.env
  const frozen = new Set<Part>()
  // Before the workplace asks them to end.
  context.after(() => frozen.forEach(part => world.thaw(part)))
  const workplace = await openWorkplace({ environment, onProgress: () => undefined })
  context.after(() => workplace.close())
  const { options, work } = await guardedTools(workplace)
  const stack = await startStack(workplace, options)
  const session = await openSession(stack)
  assert.ok(session)
  const client = await connect(new URL(`${stack.proxyUrl}/mcp/files`), session.fetchOf('files'))
  context.after(() => client.close())

  const signal = (part: Part, name: NodeJS.Signals): void => {
    const { pid } =
      part === 'broker' || part === 'registry' ? stack[part].process! : stack.services[part].process
    process.kill(pid, name)
  }

  /** A name that no result named before: what came out of one is a question of risk. */
  const unheardOf = (): string => join(work, randomUUID())
  const world: FailSafeWorld = {
    stack,
    // A long list would name so much that nothing could be told from it, and gated calls after it would be held.
    read: () => call(client, 'list_directory', { path: join(work, 'empty') }),
    write: () => call(client, 'write_file', { path: unheardOf(), content: 'text' }),
    gated: () => call(client, 'create_directory', { path: unheardOf() }),
    kill: part => signal(part, 'SIGKILL'),
    freeze(part) {
      signal(part, 'SIGSTOP')
      frozen.add(part)
    },
    thaw(part) {
      signal(part, 'SIGCONT')
      frozen.delete(part)
    },
    counted: (service, series) => valueOf(stack.services[service].operationsUrl, series),
  }
  await eventually('a session that may do everything', async () => (await world.gated()) === 'forwarded')
  return world
}

const connect = async (url: URL, proving: typeof fetch): Promise<Client> => {
  const client = new Client({ name: 'filing-agent', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: proving }))
  return client
}

const call = async (client: Client, name: string, args: Record<string, unknown>): Promise<CallEnd> => {
  const { isError, _meta, content } = await client.callTool({ name, arguments: args })
  const refusal = _meta?.['cordon/refusal'] as { readonly reason: string } | undefined
  if (refusal !== undefined) return refusal.reason
  assert.notEqual(isError, true, JSON.stringify(content))
  return 'forwarded'
}
