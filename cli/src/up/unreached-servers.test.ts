import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseBundle, type Bundle } from '@cordon/policy'

import { starterBundle } from './starter-bundle.ts'
import { unreachedServers } from './unreached-servers.ts'

const text = starterBundle(['web', 'mail'])
const reached = { agent: 'my-agent', issuer: 'local', servers: ['web', 'mail'] }
const changed = (change: (bundle: Bundle) => unknown): Bundle =>
  parseBundle(JSON.stringify(change(parseBundle(text, 'bundle'))), 'bundle')

test('a server of the stack that the bundle does not know is told with every place that lacks it', () => {
  const bundle = parseBundle(text, 'bundle')
  assert.deepEqual(unreachedServers(bundle, reached), [])
  assert.deepEqual(unreachedServers(bundle, { ...reached, servers: ['web', 'we', 'own'] }), [
    {
      server: 'we',
      places: ['catalogue', 'agents.my-agent.tools', 'deployers.me.tools', 'entitlements of a human'],
    },
    {
      server: 'own',
      places: ['catalogue', 'agents.my-agent.tools', 'deployers.me.tools', 'entitlements of a human'],
    },
  ])
})

test('each place that lacks a server alone keeps calls from it, and is the one that is named', () => {
  const tools = ['mail/*']
  const rows: readonly (readonly [place: string, bundle: Bundle])[] = [
    [
      'catalogue',
      changed(({ catalogue, ...rest }) => ({ ...rest, catalogue: { 'mail/*': catalogue['mail/*'] } })),
    ],
    [
      'agents.my-agent.tools',
      changed(({ identity, ...rest }) => ({
        ...rest,
        identity: { ...identity, agents: { 'my-agent': { ...identity.agents['my-agent'], tools } } },
      })),
    ],
    [
      'deployers.me.tools',
      changed(({ identity, ...rest }) => ({
        ...rest,
        identity: { ...identity, deployers: { me: { tools } } },
      })),
    ],
    [
      'entitlements of a human',
      changed(({ identity, ...rest }) => ({
        ...rest,
        identity: {
          ...identity,
          providers: {
            local: {
              ...identity.providers['local'],
              entitlements: [{ claim: 'groups', value: 'users', tools }],
            },
          },
        },
      })),
    ],
  ]
  for (const [place, bundle] of rows)
    assert.deepEqual(unreachedServers(bundle, reached), [{ server: 'web', places: [place] }])
})
