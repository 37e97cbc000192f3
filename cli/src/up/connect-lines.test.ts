import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseBundle } from '@cordon/policy'

import { connectLines, type ConnectLinesOptions } from './connect-lines.ts'
import { starterBundle } from './starter-bundle.ts'

const identityUrl = 'http://127.0.0.1:7401'
const text = starterBundle(['web', 'mail']).replace('"local"', `"${identityUrl}/oidc"`)
const options: ConnectLinesOptions = {
  stack: {
    bundle: parseBundle(text, 'bundle'),
    identityUrl,
    humans: undefined,
  },
  servers: ['web', 'mail'],
  profiles: [{ file: '/data/connect.json', agent: 'my-agent' }],
}
const commandFor = (server: string): RegExp =>
  new RegExp(`connect --profile '/data/connect.json' ${server}$`, 'm')

test('each server has its command, and nothing is warned of', () => {
  const lines = connectLines(options).join('\n')
  assert.match(lines, commandFor('web'))
  assert.match(lines, commandFor('mail'))
  assert.doesNotMatch(lines, /Warning|another agent/)
})

test('a server that the bundle does not know has a warning in place of a command', () => {
  const lines = connectLines({ ...options, servers: ['web', 'own'] }).join('\n')
  assert.match(
    lines,
    /^Warning: the agent my-agent reaches nothing of the server own: the bundle names no tool of it in catalogue, /,
  )
  assert.match(lines, commandFor('web'))
  assert.doesNotMatch(lines, commandFor('own'))
})

test('where the agent reaches no server at all there is no way in that could be taken', () => {
  const lines = connectLines({ ...options, servers: ['own'] }).join('\n')
  assert.match(lines, /^Warning: .* server own: /)
  assert.doesNotMatch(lines, / connect --profile/)
})

test('other agents that clients can be are named, each with its profile', () => {
  const profiles = [...options.profiles, { file: '/data/connect-second.json', agent: 'second' }]
  const lines = connectLines({ ...options, profiles })
  assert.ok(lines.includes("  second  --profile '/data/connect-second.json'"))
})
