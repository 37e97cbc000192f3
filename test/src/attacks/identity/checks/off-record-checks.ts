import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const engineFile = 'services/engine/src/engine.ts'
const windows = 'packages/tokens/src/proof/replay-windows.ts'

const inOffRecord = attacksIn('off-record.test.ts')
const inHiddenCalls = attacksIn('hidden-calls.test.ts')

/** Of calls that no record tells of. */
export const offRecordChecks: readonly AttackedCheck[] = [
  inOffRecord(
    'rejects a low read of which no log can take a record',
    'what can be on no record passes nowhere',
    'services/engine/src/core/checks/record-attempt.ts',
    'return refuse(unwritable, { attempt })',
    'return pass({})',
  ),
  inOffRecord(
    'a session that is stopped cannot keep its calls off the record by asking for what is on none',
    'only refusals that are put on record count against how many may be',
    'services/engine/src/core/checks/check-revocations.ts',
    '{ revocations }: CheckPorts,\n): Refused | undefined => {\n  const scope = revocations.revokedBy(principal, call.tool)\n  return scope === undefined ? undefined : revoked(scope)',
    "{ revocations, rates }: CheckPorts,\n): Refused | undefined => {\n  const scope = revocations.revokedBy(principal, call.tool)\n  if (scope === undefined) return undefined\n  return { ...revoked(scope), ...(!rates.tellRefusal(principal.sessionId, 'agent', 0) && { isRepeated: true }) }",
  ),
  inOffRecord(
    'whoever has only the token keeps no replay off the record by a flood of calls without a proof',
    'replays are counted apart from what needs the token alone',
    'services/engine/src/core/checks/verify-call-proof.ts',
    "(reason === 'PROOF_REPLAYED' ? byReplayer : byAnybody)",
    'byAnybody',
  ),
  inHiddenCalls(
    'a lying proxy hides no calls behind a flood that it makes up',
    'no gap is forgiven by time',
    'packages/risk/src/kernel.ts',
    'noteProof(session, place, denied, now)\n      if (isReplay(denied))',
    "noteProof(session, place, denied, now)\n      if (denied.reason === 'RATE_LIMITED') session.proofs.next = undefined\n      if (isReplay(denied))",
  ),
  inHiddenCalls(
    'a lying proxy hides no call among others side by side by the order in which they come',
    'no gap is forgotten for want of room',
    'packages/risk/src/session/proof-watch.ts',
    'const newest = this.#gaps.length < limits.gaps ? undefined : this.#gaps.pop()',
    'const newest = undefined\n    if (this.#gaps.length >= limits.gaps) return this.#forget(gap.to)',
  ),
  inHiddenCalls(
    'a lying proxy hides no call behind the refusals of others side by side',
    'the number of a refused call counts once',
    'packages/risk/src/note-proof.ts',
    ' || (session.ring.marksAt(place) & bothTold) === bothTold',
  ),
  inHiddenCalls(
    'an agent above its rate hides nothing, whatever its refusals leave off the record',
    'numbers of what is on no record are given back',
    engineFile,
    'return !isOnRecord && ports.proofs.giveBack(principal.sessionId, proven)',
    'return false',
  ),
  inHiddenCalls(
    'an agent above its rate with calls side by side hides nothing, though it makes no other call',
    'what is above the rate and on no record is tried again',
    'packages/agent-client/src/backoffs.ts',
    "  ['RATE_LIMITED', [250, 500, 1000, 2000, 4000, 8000]],\n",
    '',
  ),
  inHiddenCalls(
    'an agent with far more calls side by side than its rate is refused none as a replay, and hides nothing',
    'an agent’s numbers stay within what an engine tells apart',
    'packages/agent-client/src/call-sequence.ts',
    'if (unsettled.size >= maxUnsettled || upcoming - lowest >= replayWindowSize) return undefined',
    '',
  ),
  inHiddenCalls(
    'rejects a second use of the number of a call whose refusal for its rate is on record',
    'numbers of what is on record are kept',
    engineFile,
    'return !isOnRecord && ports.proofs.giveBack(principal.sessionId, proven)',
    'return ports.proofs.giveBack(principal.sessionId, proven) && !isOnRecord',
  ),
  inHiddenCalls(
    'replays free no number of a call that is on record, however many of them are on none',
    'the number of a replayed proof is another call’s',
    engineFile,
    " || refused?.reason === 'PROOF_REPLAYED'",
  ),
  inHiddenCalls(
    'rejects the very request of a call that was refused on no record, once its rate allows it again',
    'a proof whose number was given back is remembered',
    windows,
    'givenBack.add(window.givenBack, proof)\n',
  ),
  inHiddenCalls(
    'rejects the very request of a call that the kill switch stopped on no record, once that is taken back',
    'a proof is looked for among those whose number was given back',
    windows,
    "if (found !== 'fresh') return found === 'replayed' ? 'replayed' : 'full'",
  ),
]
