import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { openAgentSession, sessionFetch } from '@cordon/agent-client'
import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'

import { messageOf, readFile } from './agent.ts'
import { alicesSession, type Gateway } from './gateway.ts'

/** Alice's agent with the library that agents have. It waits by the gateway's clock, which goes on by itself while it does. */
export interface SessionClient {
  /** Calls `read_file`, in turn with each of two fetches of one session. */
  call(): Promise<{ readonly isUncounted: boolean; readonly text: string }>
}

export const openSessionClient = async (context: TestContext, gateway: Gateway): Promise<SessionClient> => {
  const { clock } = gateway
  const identity = await openLoopbackCordon()
  identity.now = () => clock.now()
  const answer = {
    access_token: gateway.token(),
    token_type: 'DPoP',
    expires_in: 300,
    refresh_token: 'refresh-1',
    session_id: alicesSession,
  }
  identity.scripted.push({ status: 200, body: answer })
  const session = await openAgentSession({
    issuer: identity.url,
    proxyUrl: new URL(gateway.resource).origin,
    holderKey: gateway.holder,
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    attest: () => Promise.resolve('a'),
    tools: ['files/*'],
    timing: {
      now: () => clock.now(),
      random: () => Math.random(),
      wait: async ms => {
        const until = clock.now() + ms
        while (clock.now() < until) await sleep(5)
      },
      waitAside: (_ms, signal) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => resolve())
        }),
    },
    fetch: (input, init) =>
      fetch(input === gateway.resource ? `http://127.0.0.1:${gateway.portOf()}/mcp/files` : input, init),
  })
  const ticking = setInterval(() => clock.advance(20), 5)
  context.after(async () => {
    clearInterval(ticking)
    await session.end()
    await identity.close()
  })
  const fetches = [sessionFetch(session, 'files'), sessionFetch(session, 'files')] as const
  let calls = 0
  const request = {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': readFile.tool,
    },
    body: messageOf(),
  }
  return {
    call: async () => {
      calls += 1
      const response = await fetches[calls % 2 === 0 ? 0 : 1](gateway.resource, request)
      return { isUncounted: response.headers.has('cordon-call-uncounted'), text: await response.text() }
    },
  }
}
