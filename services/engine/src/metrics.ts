import { refusalReasons } from '@cordon/engine-socket'
import type { RefusalReason } from '@cordon/engine-socket'
import type { Mode, Standing } from '@cordon/schemas'
import type { Counter, Gauge, Histogram, LabelSpec, Telemetry } from '@cordon/telemetry'

import type { Refused } from './open-engine-ports.ts'
import type { SpoolFault } from './adapters/spool/spool-folder.ts'

const modes = ['enforce', 'monitor', 'gate'] as const satisfies readonly Mode[]
const standings = [
  'unknown',
  'trusted',
  'verify',
  'read_only',
  'suspended',
  'ended',
] as const satisfies readonly Standing[]
const spoolFaults = [
  'torn',
  'corrupt',
  'write_failed',
  'sync_failed',
  'read_failed',
] as const satisfies readonly SpoolFault[]
const refusalCauses = ['forged', 'replayed', 'beat_forged', 'verdict_forged'] as const satisfies readonly (
  Refused['cause'] | 'verdict_forged'
)[]
const revocationChanges = ['revoked', 'reinstated'] as const
const revocationRefusals = ['forged', 'replayed'] as const
const announcements = ['accepted', 'refused', 'failed'] as const
const gateEnds = ['forward', 'hold', 'deny', 'timeout'] as const

/** A spec that names no labels: none are given. */
type Unlabelled = LabelSpec

/** What the engine counts and measures. */
export interface EngineMetrics {
  readonly forwarded: Counter<{ mode: readonly Mode[] }>
  readonly refused: Counter<{ reason: readonly RefusalReason[] }>
  readonly unrecorded: Counter<Unlabelled>
  readonly repeated: Counter<Unlabelled>
  readonly takenOver: Counter<Unlabelled>
  readonly unattributed: Counter<Unlabelled>
  readonly decisions: Counter<{ standing: readonly Standing[] }>
  readonly decisionsRefused: Counter<{ cause: readonly (Refused['cause'] | 'verdict_forged')[] }>
  readonly proofsReplayed: Counter<Unlabelled>
  readonly toolsDrifted: Counter<Unlabelled>
  readonly revocations: Counter<{ change: typeof revocationChanges }>
  readonly revocationsRefused: Counter<{ cause: typeof revocationRefusals }>
  readonly signalsLost: Counter<Unlabelled>
  readonly decisionAge: Histogram<Unlabelled>
  readonly callToDecision: Histogram<Unlabelled>
  readonly decisionToBlock: Histogram<Unlabelled>
  readonly gateWait: Histogram<{ verdict: typeof gateEnds }>
  readonly recordsRefused: Counter<Unlabelled>
  readonly recordsLost: Counter<Unlabelled>
  readonly recordsRecovered: Counter<Unlabelled>
  readonly recordsKnown: Counter<Unlabelled>
  readonly spoolFaults: Counter<{ fault: readonly SpoolFault[] }>
  readonly unreadable: Counter<Unlabelled>
  readonly keyFaults: Counter<Unlabelled>
  readonly callKeyAnnouncements: Counter<{ outcome: typeof announcements }>
  readonly noticesDropped: Counter<Unlabelled>
  readonly peersBroken: Counter<Unlabelled>
  readonly handlersFailed: Counter<Unlabelled>
  readonly connections: Gauge<Unlabelled>
}

export const createEngineMetrics = (telemetry: Telemetry): EngineMetrics => ({
  forwarded: telemetry.counter({
    name: 'calls_forwarded_total',
    help: 'Calls that may be forwarded, by the mode of their tool.',
    labels: { mode: modes },
  }),
  refused: telemetry.counter({
    name: 'calls_refused_total',
    help: 'Calls that may not be forwarded, by the reason.',
    labels: { reason: refusalReasons },
  }),
  unrecorded: telemetry.counter({
    name: 'calls_unrecorded_total',
    help: 'Calls that were forwarded though their attempt found no room in the spool.',
  }),
  repeated: telemetry.counter({
    name: 'calls_repeated_total',
    help: 'Calls that their server gets once more, with what the agent answered, under another token.',
  }),
  takenOver: telemetry.counter({
    name: 'outcomes_taken_over_total',
    help: 'Outcomes on record of calls that another engine let pass, which is gone.',
  }),
  unattributed: telemetry.counter({
    name: 'outcomes_unattributed_total',
    help: 'Outcomes of calls that were not open, on record nowhere: reported twice, or without a token that shows whose they are.',
  }),
  decisions: telemetry.counter({
    name: 'decisions_received_total',
    help: 'Decisions that took effect in the table.',
    labels: { standing: standings },
  }),
  decisionsRefused: telemetry.counter({
    name: 'decisions_refused_total',
    help: 'Decisions, beats and verdicts that somebody else than the scorer wrote, or wrote again; they changed nothing.',
    labels: { cause: refusalCauses },
  }),
  proofsReplayed: telemetry.counter({
    name: 'proofs_replayed_total',
    help: 'Proofs that came a second time; their requests were refused.',
  }),
  toolsDrifted: telemetry.counter({
    name: 'tools_drifted_total',
    help: 'Tools whose definition is not the one that is pinned: withheld from a session, or called all the same and refused.',
  }),
  revocations: telemetry.counter({
    name: 'revocations_received_total',
    help: 'Statements of the kill switch that took effect.',
    labels: { change: revocationChanges },
  }),
  revocationsRefused: telemetry.counter({
    name: 'revocations_refused_total',
    help: 'Statements of the kill switch that somebody else than identity wrote, or wrote again; they changed nothing.',
    labels: { cause: revocationRefusals },
  }),
  signalsLost: telemetry.counter({
    name: 'signals_lost_total',
    help: 'Security signals that could not be published.',
  }),
  decisionAge: telemetry.histogram({
    name: 'decision_age_seconds',
    help: 'From the record time of what caused a decision to its arrival in the table.',
  }),
  callToDecision: telemetry.histogram({
    name: 'call_to_decision_seconds',
    help: 'From the call that turned a session to the arrival of the decision, for sessions that were then refused.',
  }),
  decisionToBlock: telemetry.histogram({
    name: 'decision_to_block_seconds',
    help: 'From the arrival of a decision to a call that was refused by it.',
  }),
  gateWait: telemetry.histogram({
    name: 'gate_wait_seconds',
    help: 'How long gated calls waited for the scorer.',
    labels: { verdict: gateEnds },
  }),
  recordsRefused: telemetry.counter({
    name: 'records_refused_total',
    help: 'Records that found no room in the spool and are on record nowhere.',
  }),
  recordsLost: telemetry.counter({
    name: 'records_lost_total',
    help: 'Records that the log refused for good, or that the disk lost.',
  }),
  recordsRecovered: telemetry.counter({
    name: 'records_recovered_total',
    help: 'Records that an earlier run left in the spool.',
  }),
  recordsKnown: telemetry.counter({
    name: 'records_known_total',
    help: 'Of the recovered records those that the log had already; they were not published again.',
  }),
  spoolFaults: telemetry.counter({
    name: 'spool_faults_total',
    help: 'Faults of the spool on the disk.',
    labels: { fault: spoolFaults },
  }),
  unreadable: telemetry.counter({
    name: 'records_unreadable_total',
    help: 'Records that could not be decoded, or that did not belong where they stood.',
  }),
  keyFaults: telemetry.counter({
    name: 'key_fetches_failed_total',
    help: 'Fetches of the issuer’s keys that failed.',
  }),
  callKeyAnnouncements: telemetry.counter({
    name: 'call_key_announcements_total',
    help: 'Announcements of the keys that sign downstream tokens, by what identity made of them.',
    labels: { outcome: announcements },
  }),
  noticesDropped: telemetry.counter({
    name: 'notices_dropped_total',
    help: 'Enforcement points that were not told at once of a session that changed, because they do not read.',
  }),
  peersBroken: telemetry.counter({
    name: 'peers_broken_total',
    help: 'Connections that were closed because the peer does not speak the protocol.',
  }),
  handlersFailed: telemetry.counter({
    name: 'calls_failed_total',
    help: 'Calls on which the engine itself failed; they were refused.',
  }),
  connections: telemetry.gauge({
    name: 'open_connections',
    help: 'Enforcement points that are connected.',
  }),
})
