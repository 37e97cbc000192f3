import assert from 'node:assert/strict'
import { test } from 'node:test'

import { looksLikeSql, sketchSql } from './sql-sketch.ts'

test('a statement that was cut, or is of another dialect, still tells its tables', () => {
  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['SELECT a FROM orders JOIN s.customers c ON c.id = orders.cust', ['orders', 's.customers'], []],
    ['select `a` from `Orders` limit', ['orders'], []],
    ["select 'x from y' from a where b = 'cut", ['a'], []],
    ['insert into public.a (x) values', ['a'], ['insert']],
    ['select 1 from a; drop table if exists b', ['a', 'b'], ['drop']],
    ['with t as (delete from a returning *) select', ['a'], ['delete']],
    ['see you at the table from ikea', [], []],
  ]
  for (const [text, tables, operations] of table)
    assert.deepEqual(sketchSql(text), { tables, operations }, text)
})

test('takes linear time on texts made to be slow', () => {
  for (const hostile of [
    '/*',
    '--',
    "'",
    '(',
    'select ',
    'select a from ',
    'with a as ',
    'update a ',
    '/* */ ',
  ]) {
    const text = hostile.repeat(Math.ceil(32_768 / hostile.length))
    looksLikeSql(text)
    sketchSql(`select a from b ${text}`)
  }
})
