import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import type { Agent } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld, ToolServers } from './proxy-world.ts'

const faulty: ToolServers = {
  faulty: {
    transport: 'stdio',
    command: process.execPath,
    args: [fileURLToPath(new URL('faulty-server.process.ts', import.meta.url))],
    env: { GIVEN: 'to it' },
  },
}

const open = async (
  test: TestContext,
  options: Parameters<typeof openProxyWorld>[2] = {},
): Promise<ProxyWorld & Agent> => {
  const world = await openProxyWorld(test, faulty, options)
  return { ...world, ...(await connectOverHttp(test, world.urlOf('faulty'), 'alice')) }
}

const textOf = async (client: Client, name: string): Promise<string> => {
  const { content } = await client.callTool({ name, arguments: {} })
  return (content as { text: string }[])[0]!.text
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

/**
 * @fault a tool server on stdio crashes
 * @behaviour its open calls get -32011 with how it ended, and their outcome is reported; the MCP session is over, `initialize` starts another child
 * @counter cordon_proxy_upstream_faults_total{kind="crashed"}
 */
test('a child that crashes fails its open calls, and its MCP session is over', async context => {
  const { client, engine, urlOf, telemetry } = await open(context)
  const [crashed, beside] = await Promise.allSettled([
    client.callTool({ name: 'crash', arguments: {} }),
    client.callTool({ name: 'hang', arguments: {} }),
  ])
  for (const outcome of [crashed, beside]) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof McpError)
    assert.match(outcome.reason.message, /Cordon: tool server "faulty": it ended \(exit code 3\)/)
  }
  await eventually('both outcomes came', () => engine.outcomes.length === 2)
  assert.deepEqual(
    engine.outcomes.map(({ outcome }) => outcome),
    ['error', 'error'],
  )
  await assert.rejects(client.callTool({ name: 'pid', arguments: {} }), /initialize again/)
  const again = await connectOverHttp(context, urlOf('faulty'), 'alice')
  assert.ok(Number(await textOf(again.client, 'pid')) > 0)
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="crashed"\} [1-9]/)
})

/**
 * @fault a tool server on stdio hangs
 * @behaviour -32012 after CORDON_CALL_TIMEOUT_MS without an answer or progress; calls beside it are not held up
 * @counter cordon_proxy_upstream_faults_total{kind="timeout"}
 */
test('a hung call is answered after the time-out, and those beside it are not held up', async context => {
  const { client, engine, telemetry } = await open(context, { callTimeoutMs: 3_000 })
  const hung = client.callTool({ name: 'hang', arguments: {} })
  const slow = textOf(client, 'slow')
  assert.ok(Number(await textOf(client, 'pid')) > 0)
  assert.equal(await slow, 'at last')
  await assert.rejects(hung, /expected an answer or progress within 3000 ms, got none/)
  await eventually('the outcome came', () => engine.outcomes.some(({ outcome }) => outcome === 'timeout'))
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="timeout"\} 1/)
})

/**
 * @fault a tool server on stdio answers with more than 16 MiB
 * @behaviour -32011: expected messages of at most 16777216 bytes, got a larger one
 * @counter cordon_proxy_upstream_faults_total{kind="too_large"}
 */
test('an answer beyond the limit is an error; one below it arrives, its entities marked as cut', async context => {
  const { client, engine, telemetry } = await open(context)
  assert.equal((await textOf(client, 'large')).length, 5 * 1024 * 1024)
  assert.equal(engine.outcomes[0]?.entitiesOverflow, true)
  await assert.rejects(
    textOf(client, 'huge'),
    /expected messages of at most 16777216 bytes, got a larger one/,
  )
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="too_large"\} [1-9]/)
})

/**
 * @fault a tool server on stdio answers twice, answers to nobody, or writes what is no message
 * @behaviour the first answer counts; the rest reaches nobody
 * @counter cordon_proxy_server_messages_dropped_total{cause="nobody_waits"}
 */
test('what is no message, and answers to nobody, reach nobody', async context => {
  const { client, telemetry } = await open(context)
  assert.equal(await textOf(client, 'chatter'), 'said')
  assert.equal(await textOf(client, 'twice'), 'first')
  assert.equal(await textOf(client, 'complain'), 'complained')
  const metrics = await telemetry.metrics()
  assert.match(metrics, /cordon_proxy_server_messages_dropped_total\{cause="malformed"\} 4/)
  assert.match(metrics, /server_messages_dropped_total\{cause="nobody_waits"\} 2/)
})

/**
 * @fault a tool server on stdio answers with bytes that are no UTF-8
 * @behaviour -32011: expected UTF-8, got other bytes; nothing is repaired
 * @counter cordon_proxy_upstream_faults_total{kind="malformed"}
 */
test('rejects an answer that is no UTF-8, instead of repairing it', async context => {
  const { client, telemetry } = await open(context)
  await assert.rejects(textOf(client, 'garbled'), /-32011.*expected UTF-8, got other bytes/)
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="malformed"\} 1/)
})

/**
 * @fault a tool server says other things than progress, and answers a call never
 * @behaviour -32012 after CORDON_CALL_TIMEOUT_MS, as if it were silent
 * @counter cordon_proxy_upstream_faults_total{kind="timeout"}
 */
test('a server that says other things does not keep a call open', async context => {
  const { client, telemetry } = await open(context, { callTimeoutMs: 3_000 })
  await assert.rejects(textOf(client, 'flood'), /expected an answer or progress within 3000 ms, got none/)
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="timeout"\} 1/)
})

/**
 * @fault a tool server writes to its standard error
 * @behaviour counted; logged, at most 50 lines in 10 s, only where CORDON_LOG_SERVER_STDERR is true
 * @counter cordon_proxy_server_error_lines_total
 */
test('standard error of a server is counted, and not logged', async context => {
  const { client, telemetry } = await open(context)
  assert.equal(await textOf(client, 'complain'), 'complained')
  await eventually('they were counted', async () => {
    const line = /cordon_proxy_server_error_lines_total (\d+)/.exec(await telemetry.metrics())
    return Number(line?.[1]) >= 50
  })
})

test('a child gets what it was given of the environment, and nothing of the proxy’s', async context => {
  const { client } = await open(context, { childEnvironment: { PATH: '/bin' } })
  assert.equal(await textOf(client, 'environment'), 'GIVEN PATH')
})

test('numbers keep their digits', async context => {
  const { urlOf, http } = await open(context)
  const args = '{"id":12345678901234567890,"price":1.10,"tiny":1e-9}'
  const response = await fetch(urlOf('faulty'), {
    method: 'POST',
    headers: {
      authorization: 'DPoP alice',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': http!.sessionId!,
    },
    body: `{"jsonrpc":"2.0","id":"n","method":"tools/call","params":{"name":"arguments","arguments":${args}}}`,
  })
  const { result } = (await response.json()) as { result: { content: { text: string }[] } }
  assert.ok(result.content[0]!.text.includes(args))
})

test('a child ends with its MCP session, also one that does not want to', async context => {
  const { client, http } = await open(context)
  const pid = Number(await textOf(client, 'stay'))
  assert.equal(isGone(pid), false)
  await http!.terminateSession()
  await eventually('the child is gone', () => isGone(pid))
})

test('the proxy leaves no child behind', async context => {
  const { client, proxy } = await open(context)
  const pid = Number(await textOf(client, 'pid'))
  await client.close()
  await proxy.close()
  assert.ok(isGone(pid))
})

test('a session that ended takes its children with it', async context => {
  const { client, engine } = await open(context)
  const pid = Number(await textOf(client, 'pid'))
  engine.refusedSessions.set('alice', { reason: 'SESSION_ENDED', message: 'This session has ended.' })
  await eventually('the child is gone', () => isGone(pid))
})

test('an MCP session that lies unused ends', async context => {
  const { client } = await open(context, { idleTimeoutMs: 100 })
  const pid = Number(await textOf(client, 'pid'))
  await client.close()
  await eventually('the child is gone', () => isGone(pid))
})

test('a command that does not exist is a clear error', async context => {
  const missing: ToolServers = {
    missing: { transport: 'stdio', command: 'no-such-command-anywhere', args: [], env: {} },
  }
  const { urlOf, telemetry } = await openProxyWorld(context, missing)
  await assert.rejects(
    connectOverHttp(context, urlOf('missing'), 'alice'),
    /tool server "missing": expected its command to start, got ENOENT/,
  )
  assert.match(await telemetry.metrics(), /cordon_proxy_open_mcp_sessions 0/)
})
