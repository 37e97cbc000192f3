import assert from 'node:assert/strict'
import { after, before } from 'node:test'

import { parseAgentId } from '@cordon/foundation'

import type { ExchangeRequest, RenewalRequest } from './core/exchange-request.ts'
import type { OpenedSession } from './core/exchange.ts'
import type { Answer, RefusalCode } from './core/refusal.ts'
import {
  createIdentityFixture,
  type IdentityFixture,
  newKey,
  openFixtureDatabase,
} from './identity-fixture.ts'
import type { Database } from './ports/database.ts'

/** An identity with one session, which the agent that holds `key` opened for alice. */
export interface SessionFixture extends IdentityFixture {
  readonly key: ReturnType<typeof newKey>
  readonly opened: OpenedSession
  readonly renew: (over?: Partial<RenewalRequest>) => Promise<RefusalCode | 'granted'>
}

export interface Fixtures {
  /** Without any session. */
  readonly newIdentity: () => Promise<IdentityFixture>
  readonly newSession: () => Promise<SessionFixture>
}

/** For all tests of the file that calls it: making a database takes seconds, so they share one, emptied for each. */
export const fixturesOfFile = (): Fixtures => {
  let database: Database
  before(async () => {
    database = await openFixtureDatabase()
  })
  after(async () => database.close())
  return {
    newIdentity: async () => createIdentityFixture(database),
    newSession: async () => {
      const identity = await createIdentityFixture(database)
      const key = newKey()
      const opened = valueOf(await identity.sessions.exchange(identity.request(key)))
      return Object.assign(identity, {
        key,
        opened,
        renew: async (over?: Partial<RenewalRequest>) =>
          codeOf(await identity.sessions.renew(identity.renewal(key, opened, over))),
      })
    },
  }
}

/** The request of an agent that another one starts. */
export const subAgentRequest = (
  identity: IdentityFixture,
  parent: { readonly key: ReturnType<typeof newKey>; readonly opened: OpenedSession },
  { key = newKey(), agent = 'agent-8' }: { key?: ReturnType<typeof newKey>; agent?: string } = {},
): ExchangeRequest => {
  const text = parent.opened.issued.token
  return identity.request(key, {
    subject: { kind: 'parent', text },
    actorToken: identity.attest(key, { agentId: parseAgentId(agent) }),
    tools: ['files/read_file'],
    proof: {
      holder: identity.prove(key),
      parent: identity.prove(parent.key, { tokenText: text }),
    },
  })
}

export const valueOf = <Value>(answer: Answer<Value>): Value => {
  assert.ok(answer.ok, answer.ok ? '' : `${answer.refusal.code} ${answer.refusal.message}`)
  return answer.value
}

export const codeOf = (answer: Answer<unknown>): RefusalCode | 'granted' =>
  answer.ok ? 'granted' : answer.refusal.code

export const messageOf = (answer: Answer<unknown>): string => (answer.ok ? '' : answer.refusal.message)
