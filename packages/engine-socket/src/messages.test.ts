import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseReply } from './parse-reply.ts'
import { RefusableRequest, parseRequest } from './parse-request.ts'

const authorize = {
  type: 'authorize',
  request: 7,
  token: 't',
  proof: '',
  htm: 'POST',
  htu: 'https://proxy.example/mcp/files',
  server: 'files',
  tool: 'read_file',
  arguments: { path: '/a' },
}
const outcome = {
  type: 'outcome',
  invocationId: '0197',
  outcome: 'ok',
  resultBytes: 3,
  resultDigest: 'ab'.repeat(32),
  entities: [{ kind: 'email', value: 'a@example.org' }],
  entitiesOverflow: false,
  wording: '',
}

const foreign = { ...outcome, call: { token: 't', server: 'files', tool: 'read_file' } }

const parse = (message: unknown): unknown => parseRequest(JSON.stringify(message))

test('parses every request as it was sent', () => {
  const { htm, htu } = authorize
  const admit = {
    type: 'admit',
    request: 0,
    token: '',
    proof: 'p',
    htm,
    htu,
    server: 'files',
    method: 'tools/list',
  }
  const vouch = { type: 'vouch', request: 0, token: '', server: 'files' }
  const own = { ...vouch, method: 'initialize', invocationId: 'i' }
  const digest = 'd'.repeat(43)
  const proven = [
    { ...authorize, restDigest: digest, answerBytes: 12 },
    { ...authorize, restDigest: digest, task: {} },
    { ...authorize, restDigest: digest, task: { ttl: 60_000, pollInterval: 1_000 } },
    { ...authorize, restDigest: digest, task: { ttl: null } },
    { ...admit, contentDigest: digest },
    { ...own, content: { uri: 'a:b' }, saidAs: { listening: { notifications: {} } } },
    { ...own, content: { id: 1 }, saidAs: { inputResponse: { name: 'q', requestState: 's' } } },
    { ...vouch, invocationId: 'i', content: {}, saidAs: { answerIds: { sure: 'q', other: 2 } } },
  ]
  const listed = { ...authorize, definition: 'u6ptcBFpAb1USoGEuSIweA', definitionChanged: true }
  const told = { ...vouch, withheld: ['read_file'], underWay: ['read_file', 'touch'] }
  const again = {
    ...vouch,
    invocationId: 'i',
    leftOutBytes: 7,
    definition: listed.definition,
    definitionChanged: true,
  }
  for (const message of [authorize, listed, outcome, foreign, admit, vouch, own, told, again, ...proven])
    assert.deepEqual(parse(message), message)
  // Enforcement points of before say nothing of running text.
  const { wording: _, ...older } = outcome
  assert.deepEqual(parse(older), outcome)
})

test('keeps a __proto__ argument: the tool server gets it too', () => {
  const text =
    '{"type":"authorize","request":1,"token":"t","proof":"","htm":"POST","htu":"u","server":"s","tool":"t","arguments":{"__proto__":{"a":1}}}'
  const request = parseRequest(text)
  assert.ok(request.type === 'authorize')
  assert.deepEqual(Object.keys(request.arguments), ['__proto__'])
})

test('a request that names its number can be refused, and the refusal quotes nothing', () => {
  for (const wrong of [
    { ...authorize, arguments: ['secret'] },
    { ...authorize, arguments: null },
    { ...authorize, tool: '' },
    { ...authorize, definition: 'secret' },
    { ...authorize, definitionChanged: 'secret' },
    {
      type: 'vouch',
      request: 7,
      token: '',
      server: 's',
      withheld: Array.from({ length: 65 }, () => 'secret'),
    },
    { ...authorize, token: 'secret'.repeat(10_000) },
    { ...authorize, proof: 'secret'.repeat(10_000) },
    { ...authorize, proof: undefined, htu: 'secret' },
    { type: 'admit', request: 7, token: 1, server: 'secret' },
    { ...authorize, restDigest: 'secret' },
    { ...authorize, task: { ttl: 'secret' } },
    { ...authorize, task: { secret: 1 } },
    { ...authorize, task: { pollInterval: 'secret' } },
    { ...authorize, task: { pollInterval: null } },
    { ...authorize, task: ['secret'] },
    { type: 'vouch', request: 7, token: 't', server: 'files', saidAs: { answerIds: { secret: {} } } },
    { type: 'vouch', request: 7, token: 't', server: 'files', content: ['secret'] },
    { type: 'vouch', request: 7, token: 't', server: 'files', definition: 'secret' },
    { type: 'vouch', request: 7, token: 't', server: 'files', underWay: { secret: 'touch' } },
  ]) {
    assert.throws(
      () => parse(wrong),
      (error: unknown) =>
        error instanceof RefusableRequest && error.request === 7 && !error.message.includes('secret'),
    )
  }
})

test('a message of no kind that is known is a broken peer', () => {
  for (const wrong of [
    null,
    [],
    'authorize',
    { type: 'toString' },
    { ...authorize, request: -1 },
    { ...authorize, request: 1.5 },
    { ...outcome, resultDigest: 'AB' },
    { ...outcome, outcome: 'unknown' },
    { ...outcome, call: { token: 't', server: 'files' } },
    { ...outcome, call: { token: 't'.repeat(16_385), server: 'files', tool: 'read_file' } },
    { ...outcome, entities: Array.from({ length: 257 }, () => ({ kind: 'email', value: 'a@b' })) },
  ]) {
    assert.throws(
      () => parse(wrong),
      (error: unknown) =>
        !(error instanceof RefusableRequest) && (error as { code: string }).code === 'MESSAGE_INVALID',
    )
  }
})

test('any text is a message or MESSAGE_INVALID, in both directions', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map(value => JSON.stringify({ ...authorize, arguments: value })),
  )
  fc.assert(
    fc.property(texts, text => {
      for (const parser of [parseRequest, parseReply]) {
        try {
          parser(text)
        } catch (error) {
          assert.equal((error as { code: string }).code, 'MESSAGE_INVALID')
        }
      }
    }),
  )
})

test('parses replies with and without their optional parts', () => {
  const refusal = { reason: 'GATE_TIMEOUT', message: 'm' }
  const [nonce, downstreamToken] = ['n', 'd']
  const sessionId = '3.0197b1a0-0000-7000-8000-000000000000'
  for (const reply of [
    {
      type: 'authorize',
      request: 1,
      verdict: 'forward',
      invocationId: 'i',
      sessionId,
      nonce,
      downstreamToken,
    },
    { type: 'authorize', request: 1, verdict: 'deny', refusal, nonce },
    { type: 'admit', request: 1, admitted: true, sessionId, nonce, downstreamToken },
    { type: 'admit', request: 1, admitted: false, refusal, nonce: '' },
    { type: 'vouch', request: 1, vouched: true, sessionId, nonce, downstreamToken },
    { type: 'vouch', request: 1, vouched: true, sessionId, nonce, stopped: [{ tool: 'touch', refusal }] },
    { type: 'vouch', request: 1, vouched: false, refusal, nonce },
  ]) {
    assert.deepEqual(parseReply(JSON.stringify(reply)), reply)
  }
  const invented = {
    type: 'admit',
    request: 1,
    admitted: false,
    refusal: { reason: 'BECAUSE', message: 'm' },
    nonce,
  }
  assert.throws(() => parseReply(JSON.stringify(invented)), { code: 'MESSAGE_INVALID' })
})
