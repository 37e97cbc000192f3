import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'

import {
  digestArguments,
  type DownstreamKey,
  generateDownstreamSecret,
  openDownstreamKey,
  type SigningKey,
} from '@cordon/tokens'

import { readFile } from './agent.ts'
import { type Claims, craft, type Signer } from './crafted.ts'
import { actorOf, alicesSession, issuer } from './gateway.ts'
import { listen, openToolServer, type ToolServer } from './tool-server.ts'

// Call tokens as engines issue them, shown to a tool server that nobody stands in front of.

export const issuedBy: string = `${issuer}/engines`

/** What the tokens are for. */
export const readFileCall: Claims = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: readFile.tool, arguments: readFile.arguments },
}

/** @param now milliseconds since the Unix epoch @param lists where status lists are */
export const callClaims = (now: number, lists = `${issuer}/status`): Claims => ({
  iss: issuedBy,
  aud: 'urn:cordon:server:files',
  sub: 'alice',
  act: actorOf('agent-7'),
  sid: alicesSession,
  txn: 'work-1',
  jti: randomUUID(),
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 60,
  mcp: { method: 'tools/call', tool: readFile.tool, args_s256: digestArguments(readFile.arguments) },
  status: { status_list: { idx: 7, uri: `${lists}/0` } },
})

/** @param payload text as it is */
export const callToken = (
  key: DownstreamKey,
  payload: Claims | string,
  header: Claims = {},
  signer: Signer = key,
): string => craft({ typ: 'cordon-call+jwt', alg: 'EdDSA', kid: key.keyId, ...header }, payload, signer)

/** Shows a tool server a token. @returns the status of its answer */
export const showToken = async (
  url: string,
  token: string,
  message: Claims | string = readFileCall,
): Promise<number> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })
  await response.text()
  return response.status
}

export interface CallTokenWorld {
  readonly clock: { now(): number; advance(milliseconds: number): void }
  readonly key: DownstreamKey
  readonly server: ToolServer
  /** The keys that engines publish. */
  readonly published: { keys: readonly unknown[] }
  /** @param change text: in place of all claims */
  token(change?: Claims | string, header?: Claims, signer?: Signer): string
  claims(): Claims
  send(token: string, message?: Claims | string): Promise<number>
  rejects(token: string, reason: string, message?: Claims | string): Promise<void>
  accepts(token: string): Promise<void>
}

/** @param lists where status lists are, and whose key signs them; without, the tool server asks for none */
export const openCallTokenWorld = async (
  context: TestContext,
  lists?: { readonly url: string; readonly key: SigningKey },
): Promise<CallTokenWorld> => {
  let now = 1_800_000_000_000
  const clock = {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
  }
  const key = openDownstreamKey(generateDownstreamSecret())
  const published: CallTokenWorld['published'] = { keys: [key.publicJwk] }
  const url = await listen(context, (_request, response) => response.end(JSON.stringify(published)))
  const server = await openToolServer(context, {
    server: 'files',
    issuer: issuedBy,
    keys: { url },
    clock,
    statusList:
      lists === undefined ? 'none' : { url: lists.url, issuer, keys: { keys: [lists.key.publicJwk] } },
  })
  const claims = (): Claims => callClaims(now, lists?.url)
  const send: CallTokenWorld['send'] = (token, message) => showToken(server.url, token, message)
  return {
    clock,
    key,
    server,
    published,
    claims,
    send,
    token: (change = {}, header, signer) =>
      callToken(key, typeof change === 'string' ? change : { ...claims(), ...change }, header, signer),
    rejects: async (token, reason, message) => {
      const before = server.acted.length
      const status = await send(token, message)
      assert.ok(status >= 400, `expected a refusal, got ${status}`)
      assert.deepEqual([server.acted.length, server.refused.at(-1)], [before, reason])
    },
    accepts: async token => {
      assert.equal(await send(token), 200, server.refused.at(-1) ?? '')
    },
  }
}
