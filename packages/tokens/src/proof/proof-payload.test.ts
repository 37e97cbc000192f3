import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseProofPayload } from './proof-payload.ts'

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('POST', 'a-b_c', 'x'.repeat(43), '"', '\\', ''),
)
const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, -1, 0.5, 1e21, 1_800_000_000))

const claims = fc.record(
  {
    jti: text,
    htm: text,
    htu: text,
    iat: number,
    ath: text,
    nonce: text,
    mcp: fc.oneof(
      fc.record(
        { server: text, tool: text, args_s256: text, rest_s256: text },
        { requiredKeys: ['server', 'tool', 'args_s256'] },
      ),
      fc.record({ method: text, content_s256: text }),
    ),
    seq: number,
  },
  { requiredKeys: ['jti', 'htm', 'htu', 'iat', 'ath', 'nonce', 'seq'] },
)

test('the usual writing and any other of the same claims are read as the same', () => {
  fc.assert(
    fc.property(claims, value => {
      const usual = parseProofPayload(Buffer.from(JSON.stringify(value)))
      const spaced = parseProofPayload(Buffer.from(JSON.stringify(value, undefined, 1)))
      const turned = Object.fromEntries(Object.entries(value).reverse())
      assert.deepEqual(usual, spaced)
      assert.deepEqual(usual, parseProofPayload(Buffer.from(JSON.stringify(turned))))
    }),
    { numRuns: 1000 },
  )
})

const good = {
  jti: 'proof-1',
  htm: 'POST',
  htu: 'https://cordon.example/mcp/files',
  iat: 1_800_000_000,
  ath: 'a'.repeat(43),
  nonce: 'n',
  mcp: { server: 'files', tool: 'read_file', args_s256: 'd'.repeat(43) },
  seq: 7,
}

test('what is read in either way is what JSON says, whatever stands in the names', () => {
  for (const change of [
    {},
    { mcp: undefined },
    { seq: 0 },
    { jti: 'quote " and \\ and \u00e9' },
    { mcp: { ...good.mcp, tool: '\u{1F600}","seq":8,"x":"' } },
    { mcp: { ...good.mcp, rest_s256: 'r'.repeat(43) } },
    { mcp: { method: 'answer', content_s256: 'c'.repeat(43) } },
    { mcp: { method: 'a","content_s256":"b', content_s256: 'c' } },
    { htu: 'https://cordon.example/","htm":"GET' },
  ]) {
    const value = JSON.parse(JSON.stringify({ ...good, ...change })) as Record<string, unknown>
    assert.deepEqual(parseProofPayload(Buffer.from(JSON.stringify(value))), { mcp: undefined, ...value })
  }
})

test('a number goes as far as records and scorers follow it, in either way of writing', () => {
  // 2^32 - 3, as schemas has it.
  for (const [seq, isRead] of [
    [4_294_967_293, true],
    [4_294_967_294, false],
    [999_999_999_999_999, false],
    [Number.MAX_SAFE_INTEGER, false],
  ] as const)
    for (const indent of [undefined, 1])
      assert.equal(
        parseProofPayload(Buffer.from(JSON.stringify({ ...good, seq }, undefined, indent)))?.seq,
        isRead ? seq : undefined,
        `${seq}, ${indent}`,
      )
})

test('rejects what only looks like the usual writing', () => {
  const usual = JSON.stringify(good)
  assert.ok(parseProofPayload(Buffer.from(usual)))
  for (const other of [
    usual.replace('"seq":7', '"seq":07'),
    usual.replace('"seq":7', '"seq":7,"seq":7'),
    usual.replace('"seq":7', '"seq":7.5'),
    usual.replace('"seq":7', '"seq":9007199254740993'),
    usual.replace('"iat":18', '"iat":018'),
    usual.replace('"server":"files",', '"server":"files","method":"answer",'),
    usual.replace('"args_s256":', '"content_s256":"c","args_s256":'),
    usual.replace(/"server":.*?\}/, '"method":"answer"}'),
    usual.replace(/"server":.*?\}/, '"method":"answer","content_s256":"c","rest_s256":"r"}'),
    usual.replace('"htm"', '"jti":"other","htm"'),
    `${usual}x`,
    `${usual}${usual}`,
  ])
    assert.equal(parseProofPayload(Buffer.from(other)), undefined, other)
})
