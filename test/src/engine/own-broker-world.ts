import type { TestContext } from 'node:test'

import type { OwnBroker } from '../support/own-broker.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import type { EngineWorld, EngineWorldOptions } from './engine-world.ts'
import { openEngineWorld } from './engine-world.ts'

/** An engine on a broker that the test may end. */
export const openWorldOnOwnBroker = async (
  context: TestContext,
  options: EngineWorldOptions = {},
): Promise<{ readonly world: EngineWorld; readonly broker: OwnBroker }> => {
  const closers: (() => Promise<void>)[] = []
  // Before the broker ends: who waits for it would wait for long.
  context.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const broker = await startOwnBroker(context)
  const cleanUp = { after: (close: () => Promise<void>) => void closers.push(close) }
  return { broker, world: await openEngineWorld(cleanUp, { ...options, brokers: broker.brokers }) }
}
