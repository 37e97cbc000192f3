import assert from 'node:assert/strict'
import { test } from 'node:test'

import { listedPins } from './listed-pins.ts'

const tool = { name: 'read', description: 'Reads a file.', inputSchema: { type: 'object' } }

test('the pins of a list are the digests of its definitions, alone or as a response', () => {
  const result = { tools: [tool, { name: 'bare' }] }
  for (const answer of [result, { jsonrpc: '2.0', id: 1, result }])
    assert.deepEqual(
      [...listedPins(JSON.stringify(answer), 'f')],
      [
        ['read', 'u6ptcBFpAb1USoGEuSIweA'],
        // printf '{}' | openssl dgst -sha256 -binary | head -c 16 | basenc --base64url
        ['bare', 'RBNvo1WzZ4oRRq0W9-hkng'],
      ],
    )
})

test('what is no list of tools says what was expected, and quotes nothing', () => {
  const cases: readonly (readonly [text: string, problem: RegExp])[] = [
    ['secret', /^f: expected the answer of a tool server to tools\/list, as JSON, got something else$/],
    ['{"tools":{"secret":1}}', /^f: expected the answer of a tool server/],
    ['null', /^f: expected the answer of a tool server/],
    ['{"tools":[{"title":"secret"}]}', /^f: tools\[0\]\.name: expected a name, got none$/],
    [
      '{"tools":[{"name":"x"},{"name":"y"},{"name":"x","title":"secret"}]}',
      /^f: tools\[2\]\.name: expected one of its own, got one that stands in the list before$/,
    ],
    ['{"tools":[{"name":"x","inputSchema":{"secret":1e999}}]}', /^f: tools\[0\]: expected a definition/],
  ]
  for (const [text, problem] of cases)
    assert.throws(() => listedPins(text, 'f'), { code: 'TOOLS_UNREADABLE', message: problem })
})
