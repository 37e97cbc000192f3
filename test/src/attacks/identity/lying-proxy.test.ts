import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ProvenEngine } from '@cordon/engine/fixtures/proven-engine'
import { writtenCall } from '@cordon/engine'
import type { AuthorizeRequest } from '@cordon/engine-socket'
import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'
import { type InvocationId, parseInvocationId, type SessionId } from '@cordon/foundation'
import { digestArguments, signRevocation } from '@cordon/tokens'

import { readFile, shownBy } from './agent.ts'
import type { Claims } from './crafted.ts'
import { alicesSession, type Gateway, issuer, openGateway, neighboursSession } from './gateway.ts'

// A lying proxy has the socket of the engine and the agent's token, and one call that the agent signed.

type Asked = Omit<Parameters<ProvenEngine['engine']['vouch']>[0], 'token' | 'server'>

/** What the engine gives for what the proxy says that it has to say. */
const vouched = async (gateway: Gateway, asked: Asked): Promise<string | undefined> =>
  (await gateway.engineOf().engine.vouch({ token: gateway.token(), server: 'files', ...asked }))
    .downstreamToken

const accept = { action: 'accept' }

/** The same for a call that it let pass, once more, with an answer to what its server asked. */
const again = async (
  gateway: Gateway,
  invocationId: string,
  content: Claims = { inputResponses: { sure: accept }, requestState: 's' },
): Promise<string | undefined> =>
  vouched(gateway, {
    invocationId: parseInvocationId(invocationId),
    content,
    saidAs: { answerIds: { sure: 'q', too: 'q' } },
  })

/** A call that is on its way: its outcome was not reported. */
const openedCall = async (gateway: Gateway): Promise<string> => {
  const answer = await gateway.engineOf().engine.authorize(shownBy(gateway), { server: 'files', ...readFile })
  assert.equal(answer.verdict, 'forward')
  return answer.invocationId ?? ''
}

/** One that may go on as a task, of this session. */
const openedTask = async (gateway: Gateway, sid: SessionId): Promise<InvocationId> => {
  const restDigest = digestArguments({ task: {} })
  const args_s256 = digestArguments(readFile.arguments)
  const mcp = { server: 'files', tool: readFile.tool, args_s256, rest_s256: restDigest }
  const call = { server: 'files', ...readFile, restDigest }
  const shown = shownBy(gateway, { mcp }, gateway.token({ sid }))
  const { invocationId } = await gateway.engineOf().engine.authorize(shown, call)
  assert.ok(invocationId)
  return invocationId
}

/** The agent says something that is no call, and proves it. */
const say = async (gateway: Gateway, method: string, content: Claims): Promise<void> => {
  const contentDigest = digestArguments(content)
  const shown = shownBy(gateway, { mcp: { method, content_s256: contentDigest } })
  const message = { server: 'files', method, contentDigest }
  assert.ok((await gateway.engineOf().engine.admit(shown, message)).admitted)
}

/** The agent answers what the tool server asked it. */
const answerOnce = async (gateway: Gateway, result: Claims = accept): Promise<void> =>
  say(gateway, 'answer', { id: 'q', result })

test('a lying proxy gets no second call token for a call, unless its agent answered something', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  assert.equal(await again(gateway, id), undefined)
  await answerOnce(gateway)
  assert.ok(await again(gateway, id))
  assert.equal(await again(gateway, id), undefined)
})

test('a lying proxy gets no second call token for another answer than its agent gave, or one answer for two', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  await answerOnce(gateway, { action: 'decline' })
  assert.equal(await again(gateway, id), undefined)
  const both = { inputResponses: { sure: { action: 'decline' }, too: { action: 'decline' } } }
  assert.equal(await again(gateway, id, both), undefined)
})

test('a lying proxy gets no second call token for a call that becomes a task', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  await answerOnce(gateway)
  assert.equal(await again(gateway, id, { inputResponses: { sure: accept }, task: {} }), undefined)
})

test('a lying proxy gets no call token for what only an agent says', async context => {
  const gateway = await openGateway(context)
  assert.ok(await vouched(gateway, { method: 'tools/list', content: {} }))
  for (const method of ['completion/complete', 'logging/setLevel', 'tasks/cancel', 'tools/call'])
    assert.equal(await vouched(gateway, { method, content: {} }), undefined)
})

test('a lying proxy gets no call token for an answer that its agent did not give', async context => {
  const gateway = await openGateway(context)
  const saidAs = { inputResponse: { name: 'question', requestState: 's' } }
  const ask = async () => vouched(gateway, { method: 'answer', content: { id: 1, result: accept }, saidAs })
  assert.equal(await ask(), undefined)
  const given = async (result: Claims): Promise<void> => {
    const restDigest = digestArguments({ inputResponses: { question: result }, requestState: 's' })
    const mcp = { server: 'files', tool: readFile.tool, args_s256: digestArguments(readFile.arguments) }
    const shown = shownBy(gateway, { mcp: { ...mcp, rest_s256: restDigest } })
    const call = { server: 'files', ...readFile, restDigest }
    assert.equal((await gateway.engineOf().engine.authorize(shown, call)).verdict, 'forward')
  }
  await given({ action: 'decline' })
  assert.equal(await ask(), undefined)
  await given(accept)
  assert.ok(await ask())
  assert.equal(await ask(), undefined, 'the same answer to another question')
})

test('a lying proxy sends no answers within a read for a session that may only read, whatever it says that they are', async context => {
  const gateway = await openGateway(context)
  const { engine, standings } = gateway.engineOf()
  const args_s256 = digestArguments(readFile.arguments)
  /** What the agent said beside is for the proxy to tell, its digest is not. */
  const read = async (rest: Claims, told: Partial<AuthorizeRequest>): Promise<string> => {
    const restDigest = digestArguments(rest)
    const shown = shownBy(gateway, {
      mcp: { server: 'files', tool: readFile.tool, args_s256, rest_s256: restDigest },
    })
    const asked = { ...shown, type: 'authorize', request: 1, server: 'files', ...readFile } as const
    const call = writtenCall({ ...asked, restDigest, ...told }, { bytes: 300, isInexact: false })
    const { verdict, refusal } = await engine.authorize(shown, call)
    return refusal?.reason ?? verdict
  }
  const answers = { inputResponses: { question: { action: 'accept', content: { loot: 'x' } } } }
  assert.equal(await read(answers, {}), 'forward')
  standings.set(alicesSession, 'read_only')
  assert.equal(await read(answers, {}), 'SESSION_READ_ONLY')
  assert.equal(await read(answers, { task: {} }), 'SESSION_READ_ONLY')
  assert.equal(await read({ task: { ttl: 2 } }, { task: { ttl: 1 } }), 'SESSION_READ_ONLY')
  assert.equal(await read({ task: { ttl: 1 } }, { task: { ttl: 1 } }), 'forward')
})

test('a lying proxy gets no call token for a resource that its agent does not listen to', async context => {
  const gateway = await openGateway(context)
  const listening = { notifications: { resourceSubscriptions: ['file:///mine'] } }
  const subscribe = async (uri: string, as: Claims = listening) =>
    vouched(gateway, { method: 'resources/subscribe', content: { uri }, saidAs: { listening: as } })
  assert.equal(await subscribe('file:///mine'), undefined)
  await say(gateway, 'subscriptions/listen', listening)
  assert.ok(await subscribe('file:///mine'))
  assert.equal(await subscribe('file:///theirs'), undefined)
  const theirs = { notifications: { resourceSubscriptions: ['file:///theirs'] } }
  assert.equal(await subscribe('file:///theirs', theirs), undefined)
})

test('a lying proxy gets no call token to listen to what its agent did not subscribe to', async context => {
  const gateway = await openGateway(context)
  const listen = async (...resourceSubscriptions: readonly string[]) =>
    vouched(gateway, {
      method: 'subscriptions/listen',
      content: { notifications: { resourceSubscriptions } },
    })
  await say(gateway, 'resources/subscribe', { uri: 'file:///mine' })
  assert.ok(await listen('file:///mine'))
  assert.equal(await listen('file:///mine', 'file:///theirs'), undefined)
})

test('a lying proxy gets no second call token after the kill switch took the tool away', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  await answerOnce(gateway)
  const scope = 'tool:files/read_file'
  const { clock } = gateway
  const statement = {
    scope,
    active: true,
    version: 1,
    issuedAt: clock.now(),
    by: 'operator',
    reason: 'a drill',
  }
  gateway.engineOf().takeRevocation(scope, signRevocation(gateway.key, issuer, statement))
  assert.equal(await again(gateway, id), undefined)
})

test('a lying proxy gets no second call token for a standing that allows the call no more', async context => {
  const gateway = await openGateway(context)
  const touch = { tool: 'touch', arguments: {} }
  const shown = shownBy(gateway, {
    mcp: { server: 'files', tool: 'touch', args_s256: digestArguments({}) },
  })
  const { engine, standings } = gateway.engineOf()
  const { invocationId = '' } = await engine.authorize(shown, { server: 'files', ...touch })
  await answerOnce(gateway)
  standings.set(alicesSession, 'read_only')
  assert.equal(await again(gateway, invocationId), undefined)
})

test('a lying proxy gets no second call token with an answer that its agent gave before the call', async context => {
  const gateway = await openGateway(context)
  await answerOnce(gateway)
  const id = await openedCall(gateway)
  assert.equal(await again(gateway, id), undefined)
  await answerOnce(gateway)
  assert.ok(await again(gateway, id))
})

test('a lying tool server does not get a call once more whose tool it describes anew meanwhile', async context => {
  const gateway = await openGateway(context)
  const proven = gateway.engineOf()
  const approved = 'A'.repeat(22)
  proven.pin('files/read_file', approved)
  const call = { server: 'files', ...readFile, definition: approved }
  const { invocationId = '' } = await proven.engine.authorize(shownBy(gateway), call)
  await answerOnce(gateway)
  const asked = { content: { inputResponses: { sure: accept } }, saidAs: { answerIds: { sure: 'q' } } }
  const described = async (definition: string) =>
    vouched(gateway, { invocationId: parseInvocationId(invocationId), definition, ...asked })
  assert.equal(await described('B'.repeat(22)), undefined)
  assert.ok(await described(approved))
})

test('a lying proxy gets no second call token for a call whose outcome it reports while that is judged', async context => {
  const gateway = await openGateway(context)
  const invocationId = parseInvocationId(await openedCall(gateway))
  await answerOnce(gateway)
  const asked = again(gateway, invocationId)
  gateway.engineOf().engine.recordOutcome(outcomeOf(invocationId))
  assert.equal(await asked, undefined)
})

test('what a lying proxy has sent once more is on record when the call is over', async context => {
  const gateway = await openGateway(context)
  const invocationId = parseInvocationId(await openedCall(gateway))
  const content = { inputResponses: { sure: accept } }
  for (let time = 0; time < 2; time += 1) {
    await answerOnce(gateway)
    assert.ok(await again(gateway, invocationId, content))
  }
  const { engine, log } = gateway.engineOf()
  engine.recordOutcome(outcomeOf(invocationId))
  const completed = log.flatMap(({ name, value }) => (name === 'InvocationCompleted' ? [value] : []))
  assert.deepEqual(
    completed.map(({ repeats, repeatedBytes }) => [repeats, repeatedBytes]),
    [[2, 2 * '{"inputResponses":{"sure":{"action":"accept"}}}'.length]],
  )
})

test('rejects data that leaves a session that may only read, as answers of a read that is sent once more', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  await answerOnce(gateway)
  const { standings } = gateway.engineOf()
  standings.set(alicesSession, 'read_only')
  assert.equal(await again(gateway, id), undefined)
  standings.set(alicesSession, 'trusted')
  assert.ok(await again(gateway, id))
})

test('rejects floods of data that leave as answers of calls that are sent once more, by their size', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  const answer = { action: 'accept', content: { value: 'x'.repeat(200_000) } }
  const asked = {
    server: 'files',
    token: gateway.token(),
    invocationId: parseInvocationId(id),
    content: { inputResponses: { sure: answer } },
    saidAs: { answerIds: { sure: 'q' } },
  }
  const refusals = []
  for (let round = 0; round < 8; round += 1) {
    await answerOnce(gateway, answer)
    refusals.push((await gateway.engineOf().engine.vouch(asked)).refusal?.reason)
  }
  assert.deepEqual([refusals[0], refusals.at(-1)], [undefined, 'RATE_LIMITED'])
})

test('a lying proxy gets no call token to cancel what is no task of an open call', async context => {
  const gateway = await openGateway(context)
  const stop = { method: 'tasks/cancel', content: { taskId: 'somebody’s' } }
  const invocationId = parseInvocationId(await openedCall(gateway))
  assert.equal(await vouched(gateway, stop), undefined)
  assert.equal(await vouched(gateway, { ...stop, invocationId }), undefined)
  const task = { ...stop, invocationId: await openedTask(gateway, alicesSession) }
  assert.ok(await vouched(gateway, task))
  await gateway.restart()
  assert.equal(await vouched(gateway, task), undefined, 'that there was one only the proxy says')
  assert.ok(await vouched(gateway, { method: 'DELETE' }))
})

test('a lying proxy gets no call token to cancel the task of another session', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().standings.set(neighboursSession, 'trusted')
  const invocationId = await openedTask(gateway, neighboursSession)
  const stop = { method: 'tasks/cancel', content: { taskId: 't' }, invocationId }
  assert.equal(await vouched(gateway, stop), undefined)
})

test('a lying proxy gets no call token of a suspended session but to stop what it began', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().standings.set(alicesSession, 'suspended')
  for (const method of ['initialize', 'tools/list', 'resources/unsubscribe', 'answer'])
    assert.equal(await vouched(gateway, { method, content: {} }), undefined, method)
  const content = { requestId: 1 }
  assert.ok(await vouched(gateway, { method: 'notifications/cancelled', content }))
})
