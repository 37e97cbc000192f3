import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { findFreePort } from '@cordon/infra'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { numberOf } from '../proxy/number-of.ts'
import { everythingOnStdio, openProxyWorld } from '../proxy/proxy-world.ts'
import { makeProfile } from './connect-process.ts'

/**
 * @fault the proxy is restarted below an agent that goes on
 * @behaviour the agent's MCP session is opened anew; the call that was turned away for the old one used up no number, so that none seems to be hidden
 * @counter cordon_proxy_requests_rejected_total{cause="session_unknown"}
 */
test('over a restart of the proxy no number of a call is missing', async t => {
  const port = await findFreePort()
  const before = await openProxyWorld(t, everythingOnStdio, { port })
  const identity = await openLoopbackCordon()
  t.after(() => identity.close())
  const proxy = `http://127.0.0.1:${port}`
  const profile = await makeProfile(t, { url: identity.url, proxy, idToken: 'id-token' })
  const client = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: {} })
  const args = profile.connectArgs('everything')
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }))
  t.after(() => client.close())
  const call = async (): Promise<void> => {
    await client.callTool({ name: 'echo', arguments: { message: 'x' } })
  }
  await call()
  await before.proxy.close()
  const after = await openProxyWorld(t, everythingOnStdio, { port })
  await call()
  await call()
  const metrics = await after.telemetry.metrics()
  // The stream that the agent opens again may be turned away too.
  assert.match(metrics, /cordon_proxy_requests_rejected_total\{cause="session_unknown"\} [1-9]/)
  assert.deepEqual(
    [...before.engine.calls, ...after.engine.calls].map(({ proof }) => numberOf(proof)),
    [0, 1, 2],
  )
})
