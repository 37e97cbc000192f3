import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test, type TestContext } from 'node:test'

import { openWorkplace, startPostgres, type Postgres, type Workplace } from '@cordon/infra'
import { isRunning } from '@cordon/lifecycle'
import pg from 'pg'

import { eventually } from '../support/eventually.ts'
import { launch } from './launched.ts'

const workplaceFor = async (t: TestContext): Promise<Workplace> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  return workplace
}

const startFor = async (t: TestContext, binaries?: string | null): Promise<Postgres> => {
  const workplace = await workplaceFor(t)
  return startPostgres({
    supervisor: workplace.supervisor,
    onProgress: () => undefined,
    ...(binaries === undefined ? {} : { binaries }),
  })
}

const answersLikePostgres = async ({ connectionString }: Postgres): Promise<void> => {
  const writer = new pg.Client(connectionString)
  const reader = new pg.Client(connectionString)
  await Promise.all([writer.connect(), reader.connect()])
  await writer.query(
    "create table invoices (id int primary key, customer text); insert into invoices values (1, 'a')",
  )
  // As the MCP server for PostgreSQL asks.
  await reader.query('begin transaction read only')
  const { rows } = await reader.query('select customer from invoices')
  assert.deepEqual(rows, [{ customer: 'a' }])
  await assert.rejects(reader.query('delete from invoices'), /read-only transaction/)
  await reader.query('rollback')
  await Promise.all([writer.end(), reader.end()])
}

test('the database of this machine answers like PostgreSQL', async t => {
  await answersLikePostgres(await startFor(t))
})

test('PGlite answers like PostgreSQL, where none is installed', async t => {
  const postgres = await startFor(t, null)
  assert.equal(postgres.kind, 'pglite')
  await answersLikePostgres(postgres)
})

test('PGlite takes over from a PostgreSQL that cannot be started', async t => {
  const postgres = await startFor(t, '/nonexistent')
  assert.equal(postgres.kind, 'pglite')
})

for (const binaries of [undefined, null]) {
  test(`a database that dies is reported (${binaries === null ? 'PGlite' : "the machine's"})`, async t => {
    const workplace = await workplaceFor(t)
    const postgres = await startPostgres({ ...workplace, ...(binaries === undefined ? {} : { binaries }) })
    process.kill(postgres.process.pid, 'SIGKILL')
    const failure = await workplace.supervisor.failed
    assert.match(failure.message, /^(postgres|pglite): exited with SIGKILL, expected it to stay/)
  })
}

test('kill -9 of the launcher leaves no database process and no data', async t => {
  const launched = await launch(t, 'postgres-launcher.ts')
  for (const pid of launched.pids) assert.ok(isRunning(pid), `${pid} runs before`)
  await launched.kill('SIGKILL')
  await eventually('no database process is left', () => !launched.pids.some(isRunning))
  for (const folder of launched.folders) assert.ok(!existsSync(folder), folder)
  await assert.rejects(new pg.Client(launched.facts['connectionString']).connect())
})
