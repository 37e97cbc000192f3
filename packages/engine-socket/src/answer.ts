import type { AdmitReply, AuthorizeReply, Refusal, VouchReply } from './messages.ts'

/** What the engine answers to one call, apart from its number. */
export type AuthorizeAnswer = Omit<AuthorizeReply, 'type' | 'request'>
/** What the engine answers to a session that comes to a server, apart from its number. */
export type AdmitAnswer = Omit<AdmitReply, 'type' | 'request'>

/** What the engine answers about a session that is only looked at, apart from its number. */
export type VouchAnswer = Omit<VouchReply, 'type' | 'request'>

/** The questions and their answers. */
export interface Answers {
  readonly authorize: AuthorizeAnswer
  readonly admit: AdmitAnswer
  readonly vouch: VouchAnswer
}

const refused: { readonly [Type in keyof Answers]: (refusal: Refusal) => Answers[Type] } = {
  authorize: refusal => ({ verdict: 'deny', refusal, nonce: '' }),
  admit: refusal => ({ admitted: false, refusal, nonce: '' }),
  vouch: refusal => ({ vouched: false, refusal, nonce: '' }),
}

/** The answer to a question that the engine never got to see. */
export const unasked = <Type extends keyof Answers>(type: Type, refusal: Refusal): Answers[Type] => ({
  ...refuse(type, refusal),
  ...(type === 'authorize' && { uncounted: true }),
})

/** The answer that refuses a question of this type. */
export const refuse = <Type extends keyof Answers>(type: Type, refusal: Refusal): Answers[Type] =>
  refused[type](refusal)
