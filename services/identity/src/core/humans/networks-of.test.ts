import assert from 'node:assert/strict'
import { test } from 'node:test'

import { networksOf } from './networks-of.ts'

for (const [address, network, site] of [
  ['192.0.2.7', '192.0.2.7', undefined],
  ['::ffff:192.0.2.7', '192.0.2.7', undefined],
  ['2001:db8:0:1:a:b:c:d', '2001:db8:0:1::/64', '2001:db8:0::/48'],
  ['2001:0DB8:0000:0001::d', '2001:db8:0:1::/64', '2001:db8:0::/48'],
  ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['2001:db8:0:ffff::1', '2001:db8:0:ffff::/64', '2001:db8:0::/48'],
  ['2001:db8:1::1', '2001:db8:1:0::/64', '2001:db8:1::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['unknown', 'unknown', undefined],
] as const)
  test(`${address} belongs to ${network}${site === undefined ? '' : ` of ${site}`}`, () =>
    assert.deepEqual(networksOf(address), [
      { kind: 'network', name: network },
      ...(site === undefined ? [] : [{ kind: 'site', name: site }]),
    ]))
