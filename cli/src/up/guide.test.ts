import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseBundle } from '@cordon/policy'

import { guideLines } from './guide.ts'
import { starterBundle } from './starter-bundle.ts'

test('the addresses that agents come in at and that tool servers name stand on lines of their own', () => {
  const bundle = parseBundle(starterBundle(['web']), 'bundle')
  const lines = guideLines({
    stack: {
      bundle,
      identityUrl: 'http://127.0.0.1:7401',
      proxyUrl: 'http://127.0.0.1:7500',
      humans: undefined,
      services: { scorer: { service: 'scorer', operationsUrl: 'http://127.0.0.1:7413' } },
    },
    folder: '/data',
    toolServers: {},
    bundle,
    profiles: [],
    companyFolder: undefined,
    starterBundleFile: undefined,
    explainsScore: false,
  })
  assert.ok(lines.includes('  proxy    http://127.0.0.1:7500'), lines.join('\n'))
  assert.ok(lines.includes('  identity http://127.0.0.1:7401'), lines.join('\n'))
  assert.match(lines.join('\n'), /^ {2}scorer +http:\/\/127\.0\.0\.1:7413\/metrics$/m)
})
