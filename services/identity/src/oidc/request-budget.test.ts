import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRequestBudget } from './request-budget.ts'

const openBudget = () => {
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  return { clock, budget: createRequestBudget(clock) }
}

/** How many requests that each cost ten are answered, each from the next of the addresses. */
const answered = (
  budget: ReturnType<typeof createRequestBudget>,
  count: number,
  address: (index: number) => string,
): number =>
  Array.from({ length: count }, (_, index) => budget.spend(address(index), 10)).filter(Boolean).length

test('rejects a flood from one IPv6 network, whatever addresses of it are used', () => {
  const { clock, budget } = openBudget()
  assert.equal(
    answered(budget, 100, index => `2001:db8:0:1::${index.toString(16)}`),
    60,
  )
  assert.equal(budget.spend('2001:db8:0:2::1', 10), true)
  assert.equal(budget.spend('192.0.2.1', 10), true)
  clock.at += 60_000
  assert.equal(budget.spend('2001:db8:0:1::1', 10), true)
})

test('rejects a flood from one IPv6 site, whatever networks of it are used: it has what ten networks have', () => {
  const { budget } = openBudget()
  assert.equal(
    answered(budget, 1000, index => `2001:db8:0:${index.toString(16)}::1`),
    600,
  )
  assert.equal(budget.spend('2001:db8:1::1', 10), true)
})

test('a network that has nothing left takes nothing from its site', () => {
  const { budget } = openBudget()
  answered(budget, 1000, () => '2001:db8:0:1::1')
  assert.equal(
    answered(budget, 1000, index => `2001:db8:0:${(index + 2).toString(16)}::1`),
    540,
  )
})

test('what costs nothing is always answered, and takes no place from others', () => {
  const { budget } = openBudget()
  for (let index = 0; index < 20_000; index += 1) budget.spend(`192.0.2.${index}`, 0)
  answered(budget, 60, () => '198.51.100.1')
  assert.equal(budget.spend('198.51.100.1', 0), true)
  // Had they filled the map, this one would share what is left with the one before.
  assert.equal(budget.spend('198.51.100.2', 10), true)
})
