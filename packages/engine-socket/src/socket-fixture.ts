import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { AuthorizeAnswer } from './answer.ts'
import type { EngineClient, EngineClientOptions } from './engine-client.ts'
import { createEngineClient } from './engine-client.ts'
import type { EngineServer, EngineServerOptions } from './engine-server.ts'
import { createEngineServer } from './engine-server.ts'
import type { AuthorizeRequest } from './messages.ts'

const patienceMs = 5_000

/** What tests of both ends of the socket need; everything is closed and removed when the test ends. */
export interface SocketFixture {
  readonly socketPath: string
  /** Answers every call with the name of its tool, unless told otherwise. */
  readonly openServer: (options?: Partial<EngineServerOptions>) => Promise<EngineServer>
  /** Resolves once it is connected. */
  readonly openClient: (options?: Partial<EngineClientOptions>) => Promise<EngineClient>
}

export const until = async (holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + patienceMs
  while (!holds()) {
    assert.ok(Date.now() < deadline, `expected the condition to hold within ${patienceMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

export const answerWithTool = ({ tool }: AuthorizeRequest): Promise<AuthorizeAnswer> =>
  Promise.resolve({ verdict: 'deny', refusal: { reason: 'TOOL_UNKNOWN', message: tool }, nonce: 'n' })

export const createSocketFixture = async (context: TestContext): Promise<SocketFixture> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'engine.sock')
  return {
    socketPath,
    async openServer(options = {}) {
      const server = await createEngineServer({
        socketPath,
        onAuthorize: answerWithTool,
        onAdmit: () => Promise.resolve({ admitted: true, nonce: 'n' }),
        onVouch: () => Promise.resolve({ vouched: true, nonce: 'n' }),
        onOutcome: () => undefined,
        ...options,
      })
      context.after(() => server.close())
      return server
    },
    async openClient(options = {}) {
      const client = createEngineClient({ socketPath, ...options })
      context.after(() => client.close())
      await until(() => client.connected)
      return client
    },
  }
}
