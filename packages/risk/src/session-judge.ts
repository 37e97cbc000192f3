import type { Standing, Verdict } from '@cordon/schemas'

import { Assessment } from './assessment.ts'
import type { Change } from './assessment.ts'
import type { BaselineView } from './baseline/baseline-view.ts'
import type { GroundedThresholds } from './calibration/calibrated-thresholds.ts'
import { evidenceOf, fadedEvidence, silenceMs } from './fade.ts'
import type { KernelSettings } from './kernel-options.ts'
import type { Session } from './session/session.ts'
import { expectationsOf } from './signals/expectations.ts'
import type { Expectations } from './signals/expectations.ts'
import type { Fact } from './signals/fact.ts'
import { signal } from './signals/signal.ts'
import { nextStanding } from './standing/next-standing.ts'
import { bandOf, priorLogitOf, scoreOf } from './standing/score.ts'
import { suspendingEvidence } from './standing/suspending-evidence.ts'
import type { Thresholds } from './standing/thresholds.ts'

/** Makes standings, bands and reports of the evidence that a session holds. */
export interface SessionJudge {
  /** What its baseline makes us expect; found once per session. */
  readonly expectedOf: (session: Session) => Expectations
  /** Moves the session to the standing and band that its evidence asks for. */
  readonly settle: (session: Session, now: number) => Change
  /** Whether it would settle elsewhere for the time that has passed alone. Changes nothing. */
  readonly isMovedByTime: (session: Session, now: number) => boolean
  /** Where the session stands. Changes nothing. */
  readonly report: (session: Session, verdict: Verdict, change: Change, facts?: ReportedFacts) => Assessment
}

interface ReportedFacts {
  readonly unreported?: Fact
  readonly gate?: Fact | undefined
}

const noFacts: ReportedFacts = {}

export const sessionJudge = (settings: KernelSettings): SessionJudge => {
  const { priors } = settings
  const found = new WeakMap<BaselineView, Expectations>()

  const foundFor = (session: Session): NonNullable<Session['expectations']> => {
    if (session.expectations?.foundBy === settings) return session.expectations
    const view = settings.baselineFor(session.agentId, session.role, session.pins)
    const expected = found.get(view) ?? expectationsOf(view, settings)
    found.set(view, expected)
    session.expectations = { foundBy: settings, expected, priorLogit: priorLogitOf(priors, session.role) }
    return session.expectations
  }

  const thresholdsOf = (session: Session): GroundedThresholds =>
    foundFor(session).expected.thresholds[session.work]

  const scoreAt = (session: Session, evidence: number): number =>
    scoreOf(priors, foundFor(session).priorLogit, session.sensitivity, evidence)

  const standingAt = (session: Session, now: number, evidence: number): Standing =>
    nextStanding(
      session,
      now - session.standingSince,
      evidence,
      thresholdsOf(session),
      suspendingEvidence(session, evidence),
    )

  return {
    expectedOf: session => foundFor(session).expected,

    settle(session, now) {
      session.lastAt = Math.max(session.lastAt, now)
      const evidence = evidenceOf(session)
      const standing = standingAt(session, now, evidence)
      const band = bandOf(scoreAt(session, evidence), session.band)
      const bandMoved = band !== session.band
      session.band = band
      // What earlier sessions left is theirs: it must not feed on itself.
      session.draft.note(standing, evidence - session.evidence[signal.history]!)
      if (standing === session.standing) return bandMoved ? 'band' : 'none'
      session.moveTo(standing, now)
      return 'standing'
    },

    isMovedByTime(session, now) {
      const evidence = fadedEvidence(session, silenceMs(session.lastAt, now))
      if (standingAt(session, now, evidence) !== session.standing) return true
      return bandOf(scoreAt(session, evidence), session.band) !== session.band
    },

    report(session, verdict, change, facts = noFacts) {
      const evidence = evidenceOf(session)
      const { version, agent } = foundFor(session).expected.baseline
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
    },
  }
}

/** Whose threshold tells why the session stands where it does. */
const levelOf = (standing: Standing): keyof Thresholds =>
  standing === 'suspended' ? 'suspend' : standing === 'read_only' ? 'readOnly' : 'verify'
