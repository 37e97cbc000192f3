import assert from 'node:assert/strict'
import { test } from 'node:test'

import { withCallToken } from '../core/call-token.ts'
import type { HttpCall, HttpServers } from '../ports.ts'
import type { Vouch } from '../session/vouch.ts'
import { vouchedServers } from './vouched-servers.ts'

const server = { transport: 'http', url: 'http://127.0.0.1:1/mcp', headers: {} } as const
const nowhere = { kind: 'unreachable', detail: 'nowhere' } as const

const open = (token: string | undefined) => {
  const sent: HttpCall[] = []
  const asked: unknown[] = []
  let aborted = 0
  const servers: HttpServers = {
    send(call) {
      sent.push(call)
      return { answer: Promise.resolve(nowhere), abort: () => void (aborted += 1) }
    },
  }
  const vouch: Vouch = message => {
    asked.push(message)
    return Promise.resolve(token)
  }
  return { servers: vouchedServers(servers, vouch), sent, asked, aborted: () => aborted }
}

test('what came with the token of its request goes out at once, with that', async () => {
  const { servers, sent, asked } = open('own')
  await servers.send({ server, method: 'POST', headers: withCallToken({}, 'of-the-call'), body: '{}' }).answer
  assert.deepEqual([sent[0]?.headers, asked], [{ authorization: 'Bearer of-the-call' }, []])
})

test('everything else gets a token for its method and what it says', async () => {
  const { servers, sent, asked } = open('own')
  for (const call of [
    { method: 'GET' },
    { method: 'DELETE' },
    { method: 'POST', body: '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}' },
    { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}' },
    { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"result":{}}' },
  ] as const)
    await servers.send({ server, headers: {}, ...call }).answer
  assert.deepEqual(asked, [
    { method: 'GET' },
    { method: 'DELETE' },
    { method: 'notifications/cancelled', content: { requestId: 7 } },
    { method: 'tools/list', content: {} },
    { method: 'answer', content: { id: 1, result: {} } },
  ])
  assert.ok(sent.every(({ headers }) => headers['authorization'] === 'Bearer own'))
})

test('where there is none, its server decides what to do without', async () => {
  const { servers, sent } = open(undefined)
  await servers.send({ server, method: 'DELETE', headers: {} }).answer
  assert.deepEqual(sent[0]?.headers, {})
})

test('what nobody waits for any more is not sent', async () => {
  const { servers, sent, aborted } = open('own')
  const early = servers.send({ server, method: 'GET', headers: {} })
  early.abort()
  assert.ok('kind' in (await early.answer))
  assert.equal(sent.length, 0)
  const late = servers.send({ server, method: 'GET', headers: {} })
  await late.answer
  late.abort()
  assert.equal(aborted(), 1)
})
