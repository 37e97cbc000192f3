import type { AdmitReply, AuthorizeReply, Refusal } from './messages.ts'

/** What the engine answers to one call, apart from its number. */
export type AuthorizeAnswer = Omit<AuthorizeReply, 'type' | 'request'>
/** What the engine answers to a session that comes to a server, apart from its number. */
export type AdmitAnswer = Omit<AdmitReply, 'type' | 'request'>

/** The two questions and their answers. */
export interface Answers {
  readonly authorize: AuthorizeAnswer
  readonly admit: AdmitAnswer
}

const refused: { readonly [Type in keyof Answers]: (refusal: Refusal) => Answers[Type] } = {
  authorize: refusal => ({ verdict: 'deny', refusal }),
  admit: refusal => ({ admitted: false, refusal }),
}

/** The answer that refuses a question of this type. */
export const refuse = <Type extends keyof Answers>(type: Type, refusal: Refusal): Answers[Type] =>
  refused[type](refusal)
