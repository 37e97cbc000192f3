import type {
  InvocationAttempted,
  InvocationCompleted,
  InvocationDenied,
  SessionEnded,
  SessionOpened,
} from '@cordon/schemas'

import type { Assessment } from './assessment.ts'
import { filePins } from './baseline/baseline-pins.ts'
import type { BaselinePins } from './baseline/baseline-pins.ts'
import { passTime } from './fade.ts'
import { fitText } from './fit-text.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeOrigins } from './judge-origins.ts'
import { parseKernelOptions } from './kernel-options.ts'
import type { KernelOptions } from './kernel-options.ts'
import { noteEnding } from './note-ending.ts'
import { noteHistory } from './note-history.ts'
import { noteDrift, noteReplayed, noteReused, noteUndecodable, noteUnreported } from './note-integrity.ts'
import { isReplay, noteLateProof, noteProof } from './note-proof.ts'
import { noteResult } from './note-result.ts'
import { noteVolume } from './note-volume.ts'
import { seen } from './session/invocation-ring.ts'
import { limits } from './session/limits.ts'
import { Session } from './session/session.ts'
import { takeRecord } from './session/take-record.ts'
import { sessionJudge } from './session-judge.ts'
import { CallEvidence } from './signals/call-evidence.ts'
import { rememberIntent } from './signals/provenance-signal.ts'
import { signal } from './signals/signal.ts'
import { verdictOn } from './standing/gate-rule.ts'
import { standingMoves } from './standing/standing-moves.ts'
import { verdicts } from './standing/verdicts.ts'

/**
 * The scoring of sessions. Every function takes the record time `now` (see `clampRecordTime`) and changes the session in
 * place; the same records in the same order always leave the same bytes and the same assessments.
 */
export interface Kernel {
  /** A new session, trusted as far as its role's prior goes. */
  open(opened: SessionOpened, now: number, pins?: BaselinePins): Session
  attempt(session: Session, attempted: InvocationAttempted, now: number): Assessment
  complete(session: Session, completed: InvocationCompleted, now: number): Assessment
  deny(session: Session, denied: InvocationDenied, now: number): Assessment
  end(session: Session, ended: SessionEnded, now: number): Assessment
  /** A record of the session that nobody can read. */
  undecodable(session: Session, now: number): Assessment
  /** Time passed. Undefined, and the session unchanged, unless a standing or band was left by that, or a call is missing for good. */
  tick(session: Session, now: number): Assessment | undefined
  /** Where the session stands; changes nothing. */
  assess(session: Session): Assessment
}

/** @throws RiskError `KERNEL_OPTION_INVALID` */
export const createKernel = (options: KernelOptions): Kernel => {
  const settings = parseKernelOptions(options)
  const { weights, tellingDenials } = settings
  const { expectedOf, settle, isMovedByTime, report } = sessionJudge(settings)
  const callEvidence = new CallEvidence()

  return {
    open(opened, now, pins = filePins) {
      const session = new Session()
      session.agentId = boundedId(opened.agentId)
      session.role = boundedId(opened.role)
      session.lastAt = now
      session.lastCallAt = now
      session.pins = pins
      rememberIntent(session, opened)
      noteHistory(session, expectedOf(session).baseline, opened.human, weights[signal.history]!)
      session.moveTo(standingMoves.unknown.opened, now)
      settle(session, now)
      return session
    },

    attempt(session, attempted, now) {
      if (!session.isOpen) {
        noteLateProof(session, attempted, seen.attempt, now)
        return report(session, 'deny', 'none')
      }
      const expected = expectedOf(session)
      const origins = judgeOrigins(session, attempted, expected, weights[signal.provenance]!)
      const { taint, isNewTarget, isGated } = origins
      const place = takeRecord(session, attempted.invocationId, seen.attempt)
      if (place < 0) return report(session, verdictOn(session.standing, isGated), 'duplicate')
      // Clamped up: the record is older than the clocks' differences explain.
      const late = attempted.attemptedAt < now
      passTime(session, now)
      const { engineId, sequence, attemptedAt } = attempted
      const latest = Math.max(session.lastAt, now)
      const occurrence = session.sequences.notice(engineId, sequence, attemptedAt, latest)
      const isUsed = noteProof(session, place, attempted, now, occurrence === 'again')
      const isReused = isUsed && occurrence === 'first'
      const gateFact = judgeAttempt(session, attempted, {
        expected,
        weights,
        origins,
        now,
        late,
        evidence: callEvidence,
      })
      if (isReused) noteReused(session, weights[signal.integrity]!, attempted)
      noteDrift(session, weights[signal.integrity]!, attempted)
      const change = settle(session, now)
      const verdict = verdictOn(session.standing, isGated)
      if (verdict === 'forward' && !late)
        session.draft.attempt(session, attempted, taint, isNewTarget, expected.baseline.agent)
      return report(session, verdict, change, isGated ? { gate: gateFact } : {})
    },

    complete(session, completed, now) {
      if (!session.isOpen) return report(session, verdicts[session.standing], 'none')
      const place = takeRecord(session, completed.invocationId, seen.completion)
      if (place < 0) return report(session, verdicts[session.standing], 'duplicate')
      const expected = expectedOf(session)
      passTime(session, now)
      noteResult(session, completed, session.ring.callAt(place), expected.baseline.agent)
      noteVolume(session, completed, expected.baseline, weights[signal.volume]!)
      session.draft.complete(session, completed)
      const { outcome, tool } = completed
      if (outcome === 'ok' || outcome === 'error')
        noteEnding(session, expected, weights[signal.failures]!, {
          tool,
          failed: outcome === 'error',
          refused: false,
        })
      const change = settle(session, now)
      return report(session, verdicts[session.standing], change)
    },

    deny(session, denied, now) {
      if (!session.isOpen) {
        noteLateProof(session, denied, seen.denial, now)
        return report(session, verdicts[session.standing], 'none')
      }
      const place = takeRecord(session, denied.invocationId, seen.denial)
      if (place < 0) return report(session, verdicts[session.standing], 'duplicate')
      passTime(session, now)
      noteProof(session, place, denied, now)
      if (isReplay(denied)) noteReplayed(session, weights[signal.integrity]!, denied.tool)
      if (tellingDenials.has(denied.reason))
        noteEnding(session, expectedOf(session), weights[signal.failures]!, {
          tool: denied.tool,
          failed: true,
          refused: true,
        })
      const change = settle(session, now)
      return report(session, verdicts[session.standing], change)
    },

    end(session, _ended, now) {
      if (session.standing === 'ended') return report(session, 'deny', 'duplicate')
      passTime(session, now)
      session.lastAt = Math.max(session.lastAt, now)
      session.moveTo(standingMoves[session.standing].ended, now)
      return report(session, 'deny', 'standing')
    },

    undecodable(session, now) {
      if (!session.isOpen) return report(session, 'deny', 'none')
      passTime(session, now)
      noteUndecodable(session, weights[signal.integrity]!)
      const change = settle(session, now)
      return report(session, verdicts[session.standing], change)
    },

    tick(session, now) {
      // What was missing when a session ended has its time to come, too: its calls may have been overtaken by its end.
      const unreported = session.standing === 'unknown' ? undefined : session.proofs.takeUnreported(now)
      if (unreported !== undefined) {
        passTime(session, now)
        const fact = noteUnreported(session, weights[signal.integrity]!, unreported)
        const change = session.isOpen ? settle(session, now) : 'none'
        return report(session, verdicts[session.standing], change, { unreported: fact })
      }
      if (!session.isOpen || !isMovedByTime(session, now)) return undefined
      passTime(session, now)
      const change = settle(session, now)
      return report(session, verdicts[session.standing], change)
    },

    assess: session => report(session, verdicts[session.standing], 'none'),
  }
}

// The encoding is bounded: a longer name is that of nobody known.
const boundedId = (id: string): string => (fitText(id, limits.idBytes) === id ? id : '')
