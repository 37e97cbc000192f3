import type { IncomingMessage } from 'node:http'

import type { Clock } from '@cordon/foundation'
import type { IdentityProvider } from '@cordon/policy'

import type { judgeSecurityEvent, PushError, receiversOf } from '../../core/humans/judge-security-event.ts'
import type { Database } from '../../ports/database.ts'
import type { HumanSessionEndings } from '../../ports/humans.ts'
import type { HttpAnswer } from '../http-answer.ts'
import type { ProviderKeys } from './provider-keys.ts'
import { readSignedStatement, type StatementFault } from './signed-statement.ts'

/** What came of a push: `repeated` was taken before, `unused` is of a kind that ends nothing. */
export type PushOutcome = 'ended' | 'repeated' | 'unused' | PushError | 'unavailable'

const mediaType = 'application/secevent+jwt'
/** A set of claims takes a few hundred bytes. */
const maxBytes = 32 * 1024

/**
 * Answers the push of a Security Event Token (RFC 8935): 202 once what it ends is on record for good, 400 with the error's code.
 * @param rules what decides, handed in: adapters know the types of the core only
 */
export const createSecurityEventReceiver = (options: {
  readonly keys: ProviderKeys
  readonly clock: Clock
  readonly database: Database
  readonly endings: HumanSessionEndings
  /** `aud` values that mean us, beside our client ids at the provider. */
  readonly receivers: readonly string[]
  readonly providers: () => Readonly<Record<string, IdentityProvider>>
  readonly rules: {
    readonly judgeSecurityEvent: typeof judgeSecurityEvent
    readonly receiversOf: typeof receiversOf
  }
  readonly onOutcome: (outcome: PushOutcome) => void
}): ((request: IncomingMessage) => Promise<HttpAnswer>) => {
  const { database, rules } = options

  const refuse = (error: PushError, description: string): HttpAnswer => {
    options.onOutcome(error)
    return {
      status: 400,
      body: { err: error, description },
      // RFC 8935 §2.3: the language of the description has to be said.
      headers: { 'content-language': 'en' },
    }
  }

  const accept = (outcome: PushOutcome): HttpAnswer => {
    options.onOutcome(outcome)
    return { status: 202 }
  }

  const unavailable = (): HttpAnswer => {
    options.onOutcome('unavailable')
    return { status: 503, headers: { 'retry-after': '30' } }
  }

  return async request => {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
    if (type !== mediaType) return refuse('invalid_request', `content type: expected ${mediaType}`)
    const text = await readText(request)
    if (text === undefined) return refuse('invalid_request', `body: expected at most ${maxBytes} bytes`)
    const signed = await readSignedStatement(text, options.providers(), options.keys)
    if (signed === 'keys unavailable') return unavailable()
    if (typeof signed === 'string') return refuse(...faults[signed])
    const { issuer, provider } = signed
    const receivers = rules.receiversOf(provider, options.receivers)
    const judged = rules.judgeSecurityEvent(signed, issuer, receivers, options.clock.now())
    if (!judged.ok) return refuse(judged.error, judged.description)
    const { id, ended, repeatableUntil } = judged.event
    const known = await database.query(
      'select 1 as one from security_events_taken where issuer = $1 and id = $2',
      [issuer, id],
    )
    if (known.length > 0) return accept('repeated')
    // First what it says, then that it was said: after a crash in between it is taken again, and ends what has ended already.
    if (ended !== undefined) await options.endings.ended(ended)
    await database.query(
      'insert into security_events_taken (issuer, id, until_at) values ($1, $2, $3) on conflict do nothing',
      [issuer, id, repeatableUntil],
    )
    return accept(ended === undefined ? 'unused' : 'ended')
  }
}

const faults: Readonly<Record<Exclude<StatementFault, 'keys unavailable'>, [PushError, string]>> = {
  malformed: ['invalid_request', 'body: expected a signed JWT, each member name once'],
  'issuer unknown': ['invalid_issuer', 'iss: expected a provider that is known here'],
  forged: ['invalid_key', 'signature: expected one by a key and an algorithm of the issuer'],
}

const readText = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1').trim()
}
