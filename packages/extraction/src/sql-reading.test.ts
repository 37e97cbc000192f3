import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import * as fc from 'fast-check'

import { loadExtraction, readSql } from './sql-reading.ts'

before(loadExtraction)

const tables = (sql: string): readonly string[] => readSql(sql).tables
const operations = (sql: string): readonly string[] => readSql(sql).operations

test('names the tables of joins, subqueries and every statement', () => {
  assert.deepEqual(tables('SELECT * FROM Orders o JOIN sales.customers c ON c.id = o.customer'), [
    'orders',
    'sales.customers',
  ])
  assert.deepEqual(
    tables('SELECT (SELECT max(x) FROM a) FROM b WHERE EXISTS (SELECT 1 FROM c) AND d IN (TABLE e)'),
    ['a', 'b', 'c', 'e'],
  )
  assert.deepEqual(tables('SELECT 1 FROM a UNION (SELECT 2 FROM b EXCEPT SELECT 3 FROM c)'), ['a', 'b', 'c'])
  assert.deepEqual(tables('SELECT 1 FROM a; SELECT 2 FROM b'), ['a', 'b'])
  assert.deepEqual(tables('SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.x = a.x) l'), ['a', 'b'])
})

test('names what is written, and what is read to write it', () => {
  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['INSERT INTO a SELECT * FROM b', ['a', 'b'], ['insert']],
    ['UPDATE a SET x = b.x FROM b WHERE a.id = b.id', ['a', 'b'], ['update']],
    ['DELETE FROM a USING b WHERE a.id = b.id', ['a', 'b'], ['delete']],
    ['MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE', ['a', 'b'], ['merge']],
    ['TRUNCATE a, s.b', ['a', 's.b'], ['truncate']],
    ['DROP TABLE IF EXISTS a, s.b', ['a', 's.b'], ['drop']],
    ['DROP SCHEMA s CASCADE', [], ['drop']],
    ['CREATE TABLE a AS SELECT * FROM b', ['b', 'a'], ['createtableas']],
    ['SELECT * INTO a FROM b', ['a', 'b'], ['into']],
    ["COPY a TO PROGRAM 'curl'", ['a'], ['copy']],
    ['EXPLAIN ANALYZE DELETE FROM a', ['a'], ['delete', 'explain']],
    ['DO $$ BEGIN DELETE FROM a; END $$', [], ['do']],
    ['SELECT * FROM a FOR UPDATE OF a', ['a'], []],
  ]
  for (const [sql, touched, done] of table) {
    assert.deepEqual([...tables(sql)].sort(), [...touched].sort(), sql)
    assert.deepEqual(operations(sql), done, sql)
  }
})

test('leaves out common table expressions, in their scope only', () => {
  assert.deepEqual(tables('WITH a AS (SELECT * FROM b) SELECT * FROM a JOIN c ON true'), ['b', 'c'])
  assert.deepEqual(tables('WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a'), [])
  assert.deepEqual(tables('WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM b'), [])
  assert.deepEqual(tables('SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, b'), ['b'])
})

test('a table cannot hide behind a common table expression of its name', () => {
  assert.deepEqual(tables('WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets'), ['secrets'])
  assert.deepEqual(tables('WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM a, b'), ['a'])
  assert.deepEqual(tables('WITH secrets AS (SELECT 1) SELECT * FROM private.secrets'), ['private.secrets'])
  assert.deepEqual(tables('WITH secrets AS (SELECT 1) DELETE FROM secrets'), ['secrets'])
  assert.deepEqual(tables('SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a'), ['a'])
  assert.deepEqual(operations('WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x'), ['delete'])
})

test('one table has one name, and two tables two', () => {
  assert.deepEqual(tables('SELECT * FROM public.users, users, USERS'), ['users'])
  assert.deepEqual(tables('SELECT * FROM "Users", "a.b", a.b'), ['"Users"', '"a.b"', 'a.b'])
})

test('says which functions reach past the tables', () => {
  assert.deepEqual(operations("SELECT pg_catalog.pg_read_file('/etc/passwd'), count(*) FROM a"), [
    'function:pg_read_file',
  ])
  assert.deepEqual(operations("SELECT query_to_xml('SELECT * FROM secrets', true, true, '')"), [
    'function:query_to_xml',
  ])
  assert.deepEqual(operations("SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)"), ['function:dblink'])
})

test('says that it cannot read what PostgreSQL would not parse, is too long or too deep', () => {
  for (const sql of [
    '',
    'SELEC 1',
    'SELECT 1 FROM',
    `SELECT 1${' '.repeat(40_000)}`,
    `SELECT 1${' UNION SELECT 1'.repeat(2000)}`,
  ])
    assert.deepEqual(readSql(sql), { tables: [], operations: ['unparsable'] }, sql.slice(0, 30))
})

test('never throws, and reads the same twice', () => {
  const words = fc.constantFrom('SELECT', 'FROM', 'a', '*', '(', ')', ',', 'WITH', 'AS', "'x'", 'JOIN', '"')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words).map(list => list.join(' ')),
      ),
      sql => assert.deepEqual(readSql(sql), readSql(sql)),
    ),
    { numRuns: 300 },
  )
})
