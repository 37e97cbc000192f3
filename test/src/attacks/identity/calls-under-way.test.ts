import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { type SigningKey, signRevocation } from '@cordon/tokens'

import { manualTimers } from '../../proxy/manual-timers.ts'
import { eventually } from '../../support/eventually.ts'
import type { Told } from './agent.ts'
import { alicesSession, type Gateway, issuer, openGateway, neighboursSession } from './gateway.ts'
import { openToolServer, type SlowToolServer } from './tool-server.ts'

// The hijacked agent has a long call under way, let pass before anybody noticed, and waits for what it brings. The time of the proxy
// stands still: no interval cuts anything here.

interface UnderWay {
  readonly gateway: Gateway
  readonly release: () => void
  /** Whether the tool server noticed that nobody waits any more. */
  readonly isStopped: () => boolean
  /** What the agent was told, once it was. */
  readonly told: () => Told | undefined
}

const openCall = async (context: TestContext): Promise<UnderWay> => {
  const servers: SlowToolServer[] = []
  const gateway = await openGateway(
    context,
    async (...given) => {
      const server = await openToolServer(...given)
      servers.push(server)
      return server
    },
    manualTimers(),
  )
  const release = (): void => {
    for (const server of servers) server.release()
  }
  for (const server of servers) server.hold()
  context.after(release)
  let told: Told | undefined
  void gateway.ask().then(answer => {
    told = answer
  })
  await eventually('the tool server to be at work', () => gateway.server.acted.length === 1)
  const isStopped = (): boolean => servers.some(({ hungUp }) => hungUp > 0)
  return { gateway, release, isStopped, told: () => told }
}

const isCut = async ({ gateway, isStopped, told }: UnderWay, reason: string): Promise<void> => {
  await eventually('the call to be cut', () => told() !== undefined, 2_000)
  assert.match(told()?.text ?? '', new RegExp(`"code":-32010.*${reason}`))
  await eventually('the tool server to notice', isStopped, 2_000)
  await eventually('its outcome on record', () =>
    gateway
      .engineOf()
      .log.some(({ name, value }) => name === 'InvocationCompleted' && value.outcome === 'cancelled'),
  )
}

test('rejects the answer of a call that was under way when its session was suspended', async context => {
  const call = await openCall(context)
  call.gateway.engineOf().standings.set(alicesSession, 'suspended')
  call.gateway.tellChanged(alicesSession)
  await isCut(call, 'SESSION_SUSPENDED')
})

test('rejects the answer of a call that was under way when its session was suspended, after its token had expired', async context => {
  const call = await openCall(context)
  call.gateway.clock.advance(300_000)
  call.gateway.engineOf().standings.set(alicesSession, 'suspended')
  call.gateway.tellChanged(alicesSession)
  await isCut(call, 'SESSION_SUSPENDED')
})

test('rejects the answer of a call that was under way when its session ended', async context => {
  const call = await openCall(context)
  call.gateway.engineOf().standings.set(alicesSession, 'ended')
  call.gateway.tellChanged(alicesSession)
  await isCut(call, 'SESSION_ENDED')
})

/** An operator pulls the kill switch, and the log brings it. */
const stop = (gateway: Gateway, scope: string, key = gateway.key): void => {
  const by = { issuedAt: gateway.clock.now(), by: 'operator', reason: 'a drill' }
  const statement = { scope, active: true, version: 1, ...by }
  gateway.engineOf().takeRevocation(scope, signRevocation(key, issuer, statement))
  gateway.tellChanged()
}

test('rejects the answer of a call that was under way when an operator pulled the kill switch', async context => {
  const call = await openCall(context)
  stop(call.gateway, 'human:alice')
  await isCut(call, 'REVOKED')
})

test('rejects the answer of a call that was under way when an operator stopped its tool', async context => {
  const call = await openCall(context)
  stop(call.gateway, 'tool:files/read_file')
  await isCut(call, 'REVOKED')
  call.release()
  await call.gateway.accepts({ call: { tool: 'touch', arguments: {} } })
})

/** As after each rotation: by then nothing that the former key signed counts any more. */
const replaceKey = async (gateway: Gateway): Promise<SigningKey> => {
  gateway.clock.advance(12 * 60_000)
  return gateway.replaceKey()
}

for (const [standing, reason] of [
  ['suspended', 'SESSION_SUSPENDED'],
  ['ended', 'SESSION_ENDED'],
] as const)
  test(`rejects the answer of a call that was under way when its session was ${standing}, after the key of its token was withdrawn`, async context => {
    const call = await openCall(context)
    await replaceKey(call.gateway)
    call.gateway.engineOf().standings.set(alicesSession, standing)
    call.gateway.tellChanged(alicesSession)
    await isCut(call, reason)
  })

for (const scope of ['human:alice', 'tool:files/read_file'])
  test(`rejects the answer of a call that was under way when an operator stopped ${scope}, after the key of its token was withdrawn`, async context => {
    const call = await openCall(context)
    stop(call.gateway, scope, await replaceKey(call.gateway))
    await isCut(call, 'REVOKED')
  })

test('a neighbour’s suspension cuts no call, nor does the kill switch of another tool', async context => {
  const { gateway, release, told } = await openCall(context)
  gateway.engineOf().standings.set(neighboursSession, 'suspended')
  gateway.tellChanged(neighboursSession)
  stop(gateway, 'tool:files/touch')
  // Whatever the proxy asks the engine because of that is answered before this.
  await gateway.ask({ proof: { nonce: '' } })
  release()
  await eventually('the answer', () => told() !== undefined)
  assert.match(told()?.text ?? '', /"done"/)
})
