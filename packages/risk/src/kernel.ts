import type {
  InvocationAttempted,
  InvocationCompleted,
  InvocationDenied,
  SessionEnded,
  SessionOpened,
  Standing,
  Verdict,
} from '@cordon/schemas'

import { Assessment } from './assessment.ts'
import type { Change } from './assessment.ts'
import type { GroundedThresholds } from './calibration/calibrated-thresholds.ts'
import { filePins } from './baseline/baseline-pins.ts'
import type { BaselinePins } from './baseline/baseline-pins.ts'
import { evidenceOf, fade, fadedEvidence, silenceMs } from './fade.ts'
import type { BaselineView } from './baseline/baseline-view.ts'
import { fitText } from './fit-text.ts'
import { hashText, nameKey } from './hash.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { parseKernelOptions } from './kernel-options.ts'
import type { KernelOptions } from './kernel-options.ts'
import { noteDrift, noteEnding, noteReplayed, noteUndecodable, noteUnreported } from './note-ending.ts'
import { noteHistory } from './note-history.ts'
import { noteResult } from './note-result.ts'
import { noteVolume } from './note-volume.ts'
import { seen } from './session/invocation-ring.ts'
import { limits } from './session/limits.ts'
import { Session } from './session/session.ts'
import { CallEvidence } from './signals/call-evidence.ts'
import { expectationsOf } from './signals/expectations.ts'
import type { Expectations } from './signals/expectations.ts'
import { isFamiliar, judgeTaint, noProvenance } from './signals/provenance-nats.ts'
import type { Fact } from './signals/fact.ts'
import { bringsNewTarget, findTaint, isSink, rememberIntent } from './signals/provenance-signal.ts'
import { signal } from './signals/signal.ts'
import { isGated, verdictOn } from './standing/gate-rule.ts'
import { nextStanding } from './standing/next-standing.ts'
import { bandOf, priorLogitOf, scoreOf } from './standing/score.ts'
import type { Thresholds } from './standing/thresholds.ts'
import { suspendingEvidence } from './standing/suspending-evidence.ts'
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
  const { weights, priors, tellingDenials } = settings

  const callEvidence = new CallEvidence()
  const expectations = new WeakMap<BaselineView, Expectations>()

  const expectedOf = (session: Session): Expectations => {
    if (session.expectations?.foundBy === settings) return session.expectations.expected
    const view = settings.baselineFor(session.agentId, session.role, session.pins)
    const expected = expectations.get(view) ?? expectationsOf(view, settings)
    expectations.set(view, expected)
    session.expectations = { foundBy: settings, expected, priorLogit: priorLogitOf(priors, session.role) }
    return expected
  }

  const thresholdsOf = (session: Session): GroundedThresholds => expectedOf(session).thresholds[session.work]

  const scoreAt = (session: Session, evidence: number): number => {
    expectedOf(session)
    return scoreOf(priors, session.expectations!.priorLogit, session.sensitivity, evidence)
  }

  const report = (
    session: Session,
    verdict: Verdict,
    change: Change,
    facts: { readonly unreported?: Fact; readonly gate?: Fact | undefined } = {},
  ): Assessment => {
    const evidence = evidenceOf(session)
    const { version, agent } = expectedOf(session).baseline
    return new Assessment(
      session,
      scoreAt(session, evidence),
      evidence,
      verdict,
      change,
      session.pins.version === 0 ? version : session.pins.version,
      agent.sessions,
      thresholdsOf(session).basis[levelOf(session.standing)],
      facts,
    )
  }

  const standingOf = (session: Session, now: number, evidence: number): Standing =>
    nextStanding(
      session,
      now - session.standingSince,
      evidence,
      thresholdsOf(session),
      suspendingEvidence(session, evidence),
    )

  const settle = (session: Session, now: number): Change => {
    session.lastAt = Math.max(session.lastAt, now)
    const evidence = evidenceOf(session)
    const standing = standingOf(session, now, evidence)
    const band = bandOf(scoreAt(session, evidence), session.band)
    const bandMoved = band !== session.band
    session.band = band
    // What earlier sessions left is theirs: it must not feed on itself.
    session.draft.note(standing, evidence - session.evidence[signal.history]!)
    if (standing === session.standing) return bandMoved ? 'band' : 'none'
    moveTo(session, standing, now)
    return 'standing'
  }

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
      moveTo(session, standingMoves.unknown.opened, now)
      settle(session, now)
      return session
    },

    attempt(session, attempted, now) {
      if (!isOpen(session)) {
        noticeProof(session, attempted, now)
        return report(session, 'deny', 'none')
      }
      const expected = expectedOf(session)
      const guarded = weights[signal.provenance] !== 0 && isSink(attempted)
      const taint = guarded ? findTaint(session, attempted, expected.baseline) : undefined
      const tool = nameKey(attempted.tool)
      const provenance =
        taint !== undefined || (guarded && isFamiliar(attempted, expected.baseline.agent, tool))
          ? judgeTaint(session, expected, tool, taint)
          : noProvenance
      const isNewTarget =
        guarded && taint === undefined && bringsNewTarget(session, attempted, expected.baseline)
      const gated = isGated(expected, attempted, taint, provenance)
      if (take(session, attempted.invocationId, seen.attempt) < 0)
        return report(session, verdictOn(session.standing, gated), 'duplicate')
      // Clamped up: the record is older than the clocks' differences explain.
      const late = attempted.attemptedAt < now
      passTime(session, now)
      session.sequences.notice(attempted.engineId, attempted.sequence)
      noticeProof(session, attempted, now)
      const gateFact = judgeAttempt(session, attempted, {
        expected,
        weights,
        taint,
        provenance,
        now,
        late,
        evidence: callEvidence,
      })
      noteDrift(session, weights[signal.integrity]!, attempted)
      const change = settle(session, now)
      const verdict = verdictOn(session.standing, gated)
      if (verdict === 'forward' && !late)
        session.draft.attempt(session, attempted, taint, isNewTarget, expected.baseline.agent)
      return report(session, verdict, change, gated ? { gate: gateFact } : {})
    },

    complete(session, completed, now) {
      if (!isOpen(session)) return report(session, verdicts[session.standing], 'none')
      const place = take(session, completed.invocationId, seen.completion)
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
      if (!isOpen(session)) {
        noticeDenial(session, denied, now)
        return report(session, verdicts[session.standing], 'none')
      }
      const place = take(session, denied.invocationId, seen.denial)
      if (place < 0) return report(session, verdicts[session.standing], 'duplicate')
      passTime(session, now)
      noticeDenial(session, denied, now)
      if (denied.reason === replayReason) noteReplayed(session, weights[signal.integrity]!, denied.tool)
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
      moveTo(session, standingMoves[session.standing].ended, now)
      return report(session, 'deny', 'standing')
    },

    undecodable(session, now) {
      if (!isOpen(session)) return report(session, 'deny', 'none')
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
        const change = isOpen(session) ? settle(session, now) : 'none'
        return report(session, verdicts[session.standing], change, { unreported: fact })
      }
      if (!isOpen(session)) return undefined
      const faded = fadedEvidence(session, silenceMs(session.lastAt, now))
      const score = scoreAt(session, faded)
      const standing = standingOf(session, now, faded)
      if (standing === session.standing && bandOf(score, session.band) === session.band) return undefined
      passTime(session, now)
      const change = settle(session, now)
      return report(session, verdicts[session.standing], change)
    },

    assess: session => report(session, verdicts[session.standing], 'none'),
  }
}

/** The engine's reasons; most refusals like these are on no record. */
const floodReasons: ReadonlySet<string> = new Set(['RATE_LIMITED', 'REVOKED'])

const noticeDenial = (session: Session, denied: InvocationDenied, now: number): void => {
  if (floodReasons.has(denied.reason)) session.proofs.flooded(now)
  noticeProof(session, denied, now)
}

const noticeProof = (
  session: Session,
  { proofSequence }: Pick<InvocationAttempted, 'proofSequence'>,
  now: number,
): void => {
  if (proofSequence !== null) session.proofs.notice(proofSequence, now)
}

/** The engine's reason, of proofs alone that hold. */
const replayReason = 'PROOF_REPLAYED'

/** Silence lets evidence fade; the session's time goes on with `settle`. */
const passTime = (session: Session, now: number): void => {
  const elapsedMs = silenceMs(session.lastAt, now)
  fade(session, elapsedMs)
  session.draft.wait(elapsedMs)
}

/** Whose threshold tells why the session stands where it does. */
const levelOf = (standing: Standing): keyof Thresholds =>
  standing === 'suspended' ? 'suspend' : standing === 'read_only' ? 'readOnly' : 'verify'

const isOpen = ({ standing }: Session): boolean => standing !== 'unknown' && standing !== 'ended'

const moveTo = (session: Session, standing: Standing, now: number): void => {
  session.standing = standing
  session.standingSince = now
  session.conforming = 0
}

// Place of the invocation in the ring; -1 where this sort of record had been taken before.
const take = ({ ring, calls }: Session, invocationId: string, mark: number): number => {
  const id = hashText(invocationId)
  const found = ring.find(id)
  // An attempt is the next call; a completion without one is taken for the latest.
  const place = found < 0 ? ring.add(id, mark === seen.attempt ? calls : Math.max(0, calls - 1)) : found
  return ring.mark(place, mark) ? place : -1
}

// The encoding is bounded: a longer name is that of nobody known.
const boundedId = (id: string): string => (fitText(id, limits.idBytes) === id ? id : '')
