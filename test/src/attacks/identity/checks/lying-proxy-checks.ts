import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const callChecksFile = 'services/engine/src/core/call-checks.ts'
const checkRevocationsFile = 'services/engine/src/core/checks/check-revocations.ts'
const ownMessagesFile = 'services/engine/src/core/own-messages.ts'
const provenContentsFile = 'services/engine/src/core/proven-contents.ts'
const tokenVerifierFile = 'packages/tokens/src/token-verifier.ts'
const verifyTokenFile = 'services/engine/src/core/checks/verify-token.ts'
const vouchingFile = 'services/engine/src/vouching.ts'

const inLyingProxy = attacksIn('lying-proxy.test.ts')

/** Of call tokens that no request of an agent's asks for: a call once more, and what a proxy says of its own accord. */
export const lyingProxyChecks: readonly AttackedCheck[] = [
  attacksIn('spent-tokens.test.ts')(
    'a lying proxy gets no call token, whatever it says, once the token of its agent has expired',
    'an expired token gets no call tokens',
    verifyTokenFile,
    'spent === undefined ?',
    'true ?',
  ),
  attacksIn('spent-tokens.test.ts')(
    'a lying proxy gets no call token, whatever it says, once the key of its agent’s token is withdrawn',
    'a token whose key was withdrawn gets no call tokens',
    tokenVerifierFile,
    'return { token: known.token, fault: token }',
    'return { token: known.token }',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token for a call, unless its agent answered something',
    'call tokens need a signature of the agent',
    vouchingFile,
    'if (!mayBeRepeated(content, downstream.restDigest, saidAs, proven)) return undefined',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token for another answer than its agent gave, or one answer for two',
    'answers of a call that is sent once more are the agent’s',
    ownMessagesFile,
    "return answers.length > 0 && answers.every(answer => proven.take('answer', digestOf(answer)))",
    'return answers.length > 0',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token for a call that becomes a task',
    'a call that is sent once more stays what it was',
    ownMessagesFile,
    'if (digestOfSome(same) !== before || !isJsonObject(inputResponses)) return false',
    'if (!isJsonObject(inputResponses)) return false',
  ),
  inLyingProxy(
    'a lying proxy gets no call token for what only an agent says',
    'what a proxy may say of its own accord',
    ownMessagesFile,
    'default:\n      return false',
    'default:\n      return true',
  ),
  inLyingProxy(
    'a lying proxy gets no call token for an answer that its agent did not give',
    'answers are the agent’s',
    ownMessagesFile,
    'return isNoAnswer(content) || isInputResponse(content, saidAs, proven)',
    'return true || isNoAnswer(content) || isInputResponse(content, saidAs, proven)',
  ),
  inLyingProxy(
    'a lying proxy gets no call token for a resource that its agent does not listen to',
    'subscriptions are the agent’s',
    ownMessagesFile,
    'return isListenedTo(content, saidAs, proven)',
    'return true || isListenedTo(content, saidAs, proven)',
  ),
  inLyingProxy(
    'a lying proxy gets no call token to listen to what its agent did not subscribe to',
    'streams of changes are of what the agent subscribed to',
    ownMessagesFile,
    "return listenedUris(content).every(uri => proven.has('resources/subscribe', digestOf({ uri })))",
    'return listenedUris(content).every(uri => uri !== undefined)',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token after the kill switch took the tool away',
    'checks of a call that is sent once more: kill switch',
    checkRevocationsFile,
    'const refused = refuseRevoked(facts, ports)',
    'const refused = undefined',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token for a standing that allows the call no more',
    'checks of a call that is sent once more: standing',
    vouchingFile,
    'call === undefined ? vouchChecks : repeatChecks',
    'vouchChecks',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token with an answer that its agent gave before the call',
    'answers in a call that is sent once more are from after it was opened',
    provenContentsFile,
    '?? 0) <= after) return false',
    '?? 0) <= 0) return false',
  ),
  inLyingProxy(
    'a lying proxy gets no call token to cancel what is no task of an open call',
    'a task that is cancelled is one of an open call',
    ownMessagesFile,
    "return isOfTask && typeof taskId === 'string' && isEmpty(others)",
    "return typeof taskId === 'string' && isEmpty(others)",
  ),
  inLyingProxy(
    'a lying proxy gets no call token to cancel the task of another session',
    'a task that is cancelled is one of the session',
    vouchingFile,
    'call?.sessionId === principal.sessionId && call.downstream?.restDigest',
    'call?.downstream?.restDigest',
  ),
  inLyingProxy(
    'a lying proxy gets no call token of a suspended session but to stop what it began',
    'a session that may do nothing only stops',
    vouchingFile,
    'const isSaid = refused === undefined && mayBeSaid(',
    'const isSaid = mayBeSaid(',
  ),
  inLyingProxy(
    'a lying tool server does not get a call once more whose tool it describes anew meanwhile',
    'checks of a call that is sent once more: definition',
    callChecksFile,
    'checkDefinition,\n  applyStanding,\n  checkFreshness,\n  admitAnswers,\n])',
    'applyStanding,\n  checkFreshness,\n  admitAnswers,\n])',
  ),
  inLyingProxy(
    'a lying proxy gets no second call token for a call whose outcome it reports while that is judged',
    'a call that is sent once more is still open when that was judged',
    vouchingFile,
    'openCall(request)?.sessionId === principal?.sessionId',
    'call.sessionId === principal?.sessionId',
  ),
  inLyingProxy(
    'what a lying proxy has sent once more is on record when the call is over',
    'record of a call that is sent once more',
    vouchingFile,
    'if (invocationId !== undefined) open.repeat(invocationId, bytes)',
  ),
  inLyingProxy(
    'rejects data that leaves a session that may only read, as answers of a read that is sent once more',
    'checks of a call that is sent once more: answers are data',
    callChecksFile,
    'checkFreshness,\n  admitAnswers,\n])',
    'checkFreshness,\n])',
  ),
  inLyingProxy(
    'rejects floods of data that leave as answers of calls that are sent once more, by their size',
    'rate of a call that is sent once more: the size of its answers',
    vouchingFile,
    'bytes: leftOutBytes ?? bytesOf(content),',
  ),
]
