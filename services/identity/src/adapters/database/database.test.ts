import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import type { Database, Migration, Queries } from '../../ports/database.ts'
import { openDatabase } from './open-database.ts'

const migrations: readonly Migration[] = [
  {
    part: 'things',
    number: 1,
    statements: ['create table things (id text primary key, bytes bytea, body jsonb, at bigint)'],
  },
]

let folder = ''
let database: Database
const open = async (steps: readonly Migration[] = migrations): Promise<Database> =>
  openDatabase({
    location: { kind: 'embedded', folder: join(folder, 'data') },
    migrations: steps,
    onLost: () => undefined,
  })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-identity-'))
  database = await open()
})
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

test('gives back what it was given: bytes, JSON, times, lists', async () => {
  const bytes = Buffer.from([0, 1, 255])
  await database.query(
    'insert into things select * from unnest($1::text[], $2::bytea[], $3::jsonb[], $4::bigint[])',
    [
      ['a', 'it\'s "b", \\'],
      [bytes, Buffer.alloc(0)],
      ['{"files":["files/*"]}', 'null'],
      [1_800_000_000_000, null],
    ],
  )
  const rows = await database.query('select * from things order by id')
  assert.deepEqual(rows, [
    { id: 'a', bytes, body: { files: ['files/*'] }, at: 1_800_000_000_000 },
    { id: 'it\'s "b", \\', bytes: Buffer.alloc(0), body: null, at: null },
  ])
})

test('a transaction that fails leaves nothing, and one that succeeds all', async () => {
  const insert = 'insert into things (id) values ($1)'
  const stopped = new Error('stopped')
  const failing = database.transaction(async ({ query }) => {
    await query(insert, ['half'])
    throw stopped
  })
  await assert.rejects(failing, stopped)
  await database.transaction(async ({ query }) => {
    await query(insert, ['whole-1'])
    await query(insert, ['whole-2'])
  })
  const rows = await database.query(
    "select id from things where id in ('half', 'whole-1', 'whole-2') order by id",
  )
  assert.deepEqual(rows, [{ id: 'whole-1' }, { id: 'whole-2' }])
})

test('an error names the rule that was broken, and no value', async () => {
  const value = 'a-value-that-nobody-may-read'
  await database.query('insert into things (id) values ($1)', [value])
  const again = async ({ query }: Queries): Promise<unknown> =>
    query('insert into things (id) values ($1)', [value])
  for (const attempt of [again, async () => database.transaction(again)])
    await assert.rejects(attempt(database), (error: Error) => {
      assert.match(error.message, /got SQLSTATE 23505 of things_pkey/)
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error)} ${error.stack}`, new RegExp(value))
      return true
    })
})

test('takes each step of the schema once, also after a restart', async () => {
  await database.query("insert into things (id) values ('kept')")
  await database.close()
  const second = {
    part: 'things',
    number: 2,
    statements: ['alter table things add column more integer not null default 7'],
  }
  database = await open([...migrations, second])
  assert.deepEqual(await database.query("select id, more from things where id = 'kept'"), [
    { id: 'kept', more: 7 },
  ])
})

test('refuses steps that do not count', async () => {
  const wrong = openDatabase({
    location: { kind: 'memory' },
    migrations: [{ part: 'things', number: 2, statements: [] }],
    onLost: () => undefined,
  })
  await assert.rejects(wrong, /expected 1 next, got 2/)
})

test('keeps its files from others', async () => {
  assert.equal((await stat(join(folder, 'data'))).mode & 0o077, 0)
})
