import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { generateHolderKey, type HolderKey } from '@cordon/tokens'

import type { Claims } from './crafted.ts'
import { openOutside, opens, type Outside, refuses } from './outside.ts'

// The attacker got hold of the ID token of alice's log-in in the browser, without the key that she logged in for.

interface BoundLogIn {
  readonly logInKey: HolderKey
  readonly idToken: string
  /** What goes with an exchange. */
  readonly shown: (proof?: Claims, by?: HolderKey) => { readonly 'dpop-log-in': string }
}

const logInFor = (outside: Outside, holder = outside.key): BoundLogIn => {
  const logInKey = generateHolderKey()
  const idToken = outside.idToken({ nonce: `cordon-key.${logInKey.thumbprint}` })
  const ath = createHash('sha256').update(`${idToken} ${holder.thumbprint}`).digest('base64url')
  return {
    logInKey,
    idToken,
    shown: (proof = {}, by = logInKey) => ({ 'dpop-log-in': outside.prove(by, { ath, ...proof }) }),
  }
}

test('rejects a stolen ID token with a key of the thief, where the human logged in for a key', async context => {
  const outside = await openOutside(context)
  const { idToken, shown } = logInFor(outside)
  const form = { subject_token: idToken }
  opens(await outside.exchange({ form, headers: shown() }))
  const thief = generateHolderKey()
  refuses(await outside.exchange({ form, key: thief }), 'HOLDER_REFUSED')
  const ath = createHash('sha256').update(`${idToken} ${thief.thumbprint}`).digest('base64url')
  const headers = { 'dpop-log-in': outside.prove(thief, { ath }) }
  refuses(await outside.exchange({ form, key: thief, headers }), 'HOLDER_REFUSED')
})

test('rejects a stolen ID token with the proof that came with it, for a session of the thief', async context => {
  const outside = await openOutside(context)
  const { idToken, shown } = logInFor(outside)
  const form = { subject_token: idToken }
  // Overheard, and quicker than the agent's own request.
  refuses(await outside.exchange({ form, key: generateHolderKey(), headers: shown() }), 'HOLDER_REFUSED')
})

test('rejects the proof of a log-in that is shown twice, for another ID token, or elsewhere', async context => {
  const outside = await openOutside(context)
  const { idToken, shown, logInKey } = logInFor(outside)
  const form = { subject_token: idToken }
  const headers = shown()
  opens(await outside.exchange({ form, headers }))
  refuses(await outside.exchange({ form, headers }), 'PROOF_REPLAYED')
  const other = outside.idToken({ nonce: `cordon-key.${logInKey.thumbprint}`, sub: 'bob' })
  refuses(await outside.exchange({ form: { subject_token: other }, headers: shown() }), 'HOLDER_REFUSED')
  const elsewhere = shown({ htu: 'https://other.example/token' })
  refuses(await outside.exchange({ form, headers: elsewhere }), 'HOLDER_REFUSED')
})

test('a log-in on another device names no key: its ID token is bounded by an hour and the log-out alone', async context => {
  const outside = await openOutside(context)
  const form = { subject_token: outside.idToken({ nonce: 'n-0S6_WzA2Mj' }) }
  opens(await outside.exchange({ form, key: generateHolderKey() }))
  // What names a key that nobody can have is no reason to pass over it.
  for (const nonce of ['cordon-key.', 'cordon-key.x'])
    refuses(await outside.exchange({ form: { subject_token: outside.idToken({ nonce }) } }), 'HOLDER_REFUSED')
})
