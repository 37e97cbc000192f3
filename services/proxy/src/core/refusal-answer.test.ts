import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'

import type { GuardedCall } from './guarded-call.ts'
import { refuseAdmission, refuseCall } from './refusal-answer.ts'

const metadataUrl = 'http://127.0.0.1:1/.well-known/oauth-protected-resource/mcp/bank'
const toolCall: GuardedCall = { kind: 'guarded', tool: 'transfer', arguments: {}, refusedBy: 'result' }
const suspended = { reason: 'SESSION_SUSPENDED', message: 'This session is suspended.' } as const
const expired = { reason: 'TOKEN_EXPIRED', message: 'The "token" has expired.' } as const

test('the model reads a refused tool call as a failed one', () => {
  const decision = { verdict: 'deny', invocationId: parseInvocationId('i-1'), nonce: '' } as const
  const { status, body } = refuseCall(suspended, decision, toolCall, {
    id: 3,
    era: 'sessionful',
    metadataUrl,
  })
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(body), {
    jsonrpc: '2.0',
    id: 3,
    result: {
      content: [{ type: 'text', text: 'Cordon: This session is suspended. (SESSION_SUSPENDED)' }],
      isError: true,
      _meta: { 'cordon/refusal': { reason: 'SESSION_SUSPENDED', verdict: 'deny', invocationId: 'i-1' } },
    },
  })
})

test('an agent is told where the number of its proof is still free', () => {
  const unavailable = { reason: 'ENGINE_UNAVAILABLE', message: 'The engine is not reachable.' } as const
  for (const refusedBy of ['result', 'error'] as const) {
    const headersOf = (uncounted: object): Readonly<Record<string, string>> =>
      refuseCall(
        unavailable,
        { verdict: 'deny', nonce: '', ...uncounted },
        { ...toolCall, refusedBy },
        {
          id: 3,
          era: 'stateless',
          metadataUrl,
        },
      ).headers
    assert.equal(headersOf({ uncounted: true })['cordon-call-uncounted'], 'ENGINE_UNAVAILABLE')
    assert.equal('cordon-call-uncounted' in headersOf({}), false)
  }
})

test('an agent whose proof is refused before an engine counts it is told that its number is free', () => {
  const headersOf = (uncounted: object): Readonly<Record<string, string>> =>
    refuseCall(
      { reason: 'PROOF_INVALID', message: 'No.' },
      { verdict: 'deny', nonce: '', ...uncounted },
      toolCall,
      { id: 3, era: 'sessionful', metadataUrl },
    ).headers
  assert.equal(headersOf({ uncounted: true })['cordon-call-uncounted'], 'PROOF_INVALID')
  assert.match(headersOf({ uncounted: true })['www-authenticate'] ?? '', /invalid_dpop_proof/)
  assert.equal('cordon-call-uncounted' in headersOf({}), false)
})

test('an agent is told where its session has ended, and only there', () => {
  for (const [reason, told] of [
    ['SESSION_ENDED', '?1'],
    ['SESSION_SUSPENDED', undefined],
    ['REVOKED', undefined],
  ] as const) {
    const refusal = { reason, message: 'No.' }
    const decision = { verdict: 'deny', nonce: '' } as const
    for (const answer of [
      refuseCall(refusal, decision, toolCall, { id: 3, era: 'stateless', metadataUrl }),
      refuseCall(
        refusal,
        decision,
        { ...toolCall, refusedBy: 'error' },
        { id: 3, era: 'stateless', metadataUrl },
      ),
      refuseAdmission(refusal, { id: 3, metadataUrl }),
      refuseAdmission(refusal, { id: undefined, metadataUrl }),
    ])
      assert.equal(answer.headers['cordon-session-ended'], told, reason)
  }
})

test('what has no such result is refused by an error', () => {
  const call: GuardedCall = { ...toolCall, refusedBy: 'error' }
  const { status, body } = refuseCall(suspended, { verdict: 'hold', nonce: '' }, call, {
    id: 'a',
    era: 'sessionful',
    metadataUrl,
  })
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(body), {
    jsonrpc: '2.0',
    id: 'a',
    error: {
      code: -32_010,
      message: 'Cordon: This session is suspended. (SESSION_SUSPENDED)',
      data: { 'cordon/refusal': { reason: 'SESSION_SUSPENDED', verdict: 'hold' } },
    },
  })
})

test('what is wrong with the token is said by the transport (RFC 9449 §7.1, RFC 9728 §5.1)', () => {
  for (const answer of [
    refuseCall(expired, { verdict: 'deny', nonce: '', uncounted: true }, toolCall, {
      id: 3,
      era: 'sessionful',
      metadataUrl,
    }),
    refuseAdmission(expired, { id: undefined, metadataUrl }),
  ]) {
    assert.equal(answer.status, 401)
    assert.equal(
      answer.headers['www-authenticate'],
      `DPoP resource_metadata="${metadataUrl}", error="invalid_token", error_description="The  token  has expired.", algs="EdDSA ES256"`,
    )
  }
})

test('a token that ran out while its call waited is no reason to send the call again with the same number', () => {
  const invocationId = parseInvocationId('i-1')
  const decision = { verdict: 'deny', invocationId, nonce: '' } as const
  const about = { id: 3, era: 'sessionful', metadataUrl } as const
  const { status, headers, body } = refuseCall(expired, decision, toolCall, about)
  assert.deepEqual([status, headers['www-authenticate']], [200, undefined])
  assert.match(body, /"isError":true.*TOKEN_EXPIRED/)
  const replayed = { reason: 'PROOF_REPLAYED', message: 'No.' } as const
  assert.equal(refuseCall(replayed, decision, toolCall, about).status, 401)
})

test('where there is no request to answer, the status says it: 403 for good, 503 for now', () => {
  assert.equal(refuseAdmission(suspended, { id: undefined, metadataUrl }).status, 403)
  assert.equal(refuseAdmission(suspended, { id: 1, metadataUrl }).status, 200)
  const away = { reason: 'ENGINE_UNAVAILABLE', message: 'The engine is not reachable.' } as const
  const answer = refuseAdmission(away, { id: undefined, metadataUrl })
  assert.equal(answer.status, 503)
  assert.match(answer.body, /Without it nothing is allowed/)
})

test('a proof that would help is asked for by name (RFC 9449 §7.1, §9)', () => {
  for (const [reason, error] of [
    ['PROOF_NONCE', 'use_dpop_nonce'],
    ['PROOF_MISSING', 'invalid_dpop_proof'],
    ['PROOF_INVALID', 'invalid_dpop_proof'],
    ['PROOF_REPLAYED', 'invalid_dpop_proof'],
  ] as const) {
    const answer = refuseAdmission({ reason, message: 'No.' }, { id: 1, metadataUrl })
    assert.equal(answer.status, 401)
    assert.match(answer.headers['www-authenticate'] ?? '', new RegExp(`^DPoP .*error="${error}"`))
  }
})
