import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const connectionFile = 'services/proxy/src/session/connection.ts'
const exchangesFile = 'services/proxy/src/session/exchanges.ts'
const sessionWatchFile = 'services/proxy/src/session/session-watch.ts'
const tokenVerifierFile = 'packages/tokens/src/token-verifier.ts'
const verifyTokenFile = 'services/engine/src/core/checks/verify-token.ts'
const vouchingFile = 'services/engine/src/vouching.ts'
const serverConnectionFile = 'packages/engine-socket/src/server-connection.ts'

const inCallsUnderWay = attacksIn('calls-under-way.test.ts')

/** Of what is under way when a session loses its standing. */
export const underWayChecks: readonly AttackedCheck[] = [
  inCallsUnderWay(
    'rejects the answer of a call that was under way when its session was suspended',
    'calls under way are cut, not streams alone',
    connectionFile,
    'exchanges.cut(refusal)',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when its session was suspended',
    'the tool server is told to stop a call that is cut',
    exchangesFile,
    'options.onGivenUp(exchange)\n        answerInstead(exchange, cutText(',
    'answerInstead(exchange, cutText(',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when its session was suspended',
    'what changed is looked at before the interval',
    serverConnectionFile,
    'write(encodeFrame(notice, maxFrameBytes))',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when its session was suspended, after its token had expired',
    'an expired token still says whose session is over',
    verifyTokenFile,
    'if (verification.ok || verification.former === undefined) return resultOf(verification)',
    'return resultOf(verification)',
  ),
  ...[
    'rejects the answer of a call that was under way when its session was suspended, after the key of its token was withdrawn',
    'rejects the answer of a call that was under way when its session was ended, after the key of its token was withdrawn',
    'rejects the answer of a call that was under way when an operator stopped human:alice, after the key of its token was withdrawn',
  ].map(attack =>
    inCallsUnderWay(
      attack,
      'a token whose key was withdrawn still says whose session is over',
      tokenVerifierFile,
      "if (token !== 'KEY_UNKNOWN' || known === undefined) return { fault: token }",
      'return { fault: token }',
    ),
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when an operator stopped tool:files/read_file, after the key of its token was withdrawn',
    'which tools of calls under way are stopped is said of a spent token too',
    vouchingFile,
    'vouched: false, ...said, refusal',
    'vouched: false, ...said, stopped: [], refusal',
  ),
  attacksIn('older-tokens.test.ts')(
    'rejects an older token, shown without a proof, whose end would close the streams of the agent',
    'the token that is good for longest is the one to watch with',
    connectionFile,
    '.toSorted((one, other) => expiryOf(one) - expiryOf(other))',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when an operator pulled the kill switch',
    'a change of any session is one of each',
    sessionWatchFile,
    'owner === undefined || session.owner === owner',
    'session.owner === owner',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when an operator stopped its tool',
    'the engine says which tools of calls under way are stopped',
    vouchingFile,
    'if (scope === undefined) return []',
    'if (scope === undefined || tool !== undefined) return []',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when an operator stopped its tool',
    'the proxy cuts calls of a tool that is stopped',
    sessionWatchFile,
    'session.cutTool(why, tool)',
    'void [why, tool]',
  ),
  inCallsUnderWay(
    'rejects the answer of a call that was under way when its session ended',
    'the agent is told that its session ended, not its connection',
    sessionWatchFile,
    "session.cut(refusal)\n        return 'refused'",
    "return 'refused'",
  ),
]
