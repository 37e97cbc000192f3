import type { TestContext } from 'node:test'

import { type Database, openFrontDatabase } from '@cordon/identity/fixtures/front'

// To open a database takes seconds: one serves all tests of a process, which take turns.

let opened: Promise<Database> | undefined
let turn: Promise<unknown> = Promise.resolve()

/** A database that no other test uses until this one is over. */
export const takeDatabase = async (context: Pick<TestContext, 'after'>): Promise<Database> => {
  const before = turn
  const { promise: over, resolve } = Promise.withResolvers<void>()
  turn = over
  await before
  context.after(() => resolve())
  opened ??= openFrontDatabase()
  return opened
}
