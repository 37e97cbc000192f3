import type { InvocationAttempted } from '@cordon/schemas'

import type { BaselineView } from '../baseline/baseline-view.ts'
import type { SinkCount } from '../baseline/origin-key.ts'
import { requestTool, routeKey, sinkKey, unclearTool } from '../baseline/origin-key.ts'
import { unknownTool } from '../session/origin-list.ts'
import type { Session } from '../session/session.ts'
import type { Expectations } from './expectations.ts'
import { model } from './model.ts'
import { unclearOrigin } from './provenance-signal.ts'
import type { Taint, TaintRoute } from './provenance-signal.ts'
import { hedgedNats } from './signal.ts'

const {
  misuseForeign,
  misuseTargets,
  misuseOthers,
  usualForeign,
  usualTargets,
  toolCalls,
  toolForeignCalls,
  newRoutes,
  routeShare,
} = model.provenance
const { misuseUnclear, usualUnclear, hedge, unforeseen } = model.provenance

/**
 * Of a target that came from a result, where nobody has met anything: what is foreign is not told from what is known, so both are
 * one class, for work as for misuse.
 */
const nothingIsMet = hedgedNats(
  (misuseForeign + misuseTargets) / (usualForeign + usualTargets),
  model.provenance.hedge,
  model.provenance.unforeseen,
)

/** What a call's provenance says. */
export interface ProvenanceFinding {
  readonly nats: number
  /** The way that is rarest for the tool; undefined where no target is foreign. */
  readonly route: TaintRoute | undefined
}

/** Of a call that is not judged by it. */
export const noProvenance: ProvenanceFinding = { nats: 0, route: undefined }

/**
 * Whether tool and targets of a call are known: only there it counts that nothing came out of a result, which makes no call ordinary
 * that is not. A call that carries nothing comes from nowhere.
 * @param tool its key
 */
export const isFamiliar = (
  { entities }: InvocationAttempted,
  agent: BaselineView['agent'],
  tool: number,
): boolean => {
  if (entities.length === 0 || agent.countOfTool(tool) === 0) return false
  for (const { fingerprint, target } of entities) if (target && !agent.metEntity(fingerprint)) return false
  return true
}

/**
 * How much likelier a call of the tool carries this under misuse: how often its calls carry a foreign target (back-off from
 * all calls of agent and role), and how often such a target takes this way.
 * @param tool key of the tool
 * @param taint of a sensitive call
 */
export const judgeTaint = (
  session: Session,
  { baseline, taints, isUnknown }: Expectations,
  tool: number,
  taint: Taint | undefined,
): ProvenanceFinding => {
  const shareOf = (kind: Exclude<SinkCount, 'calls'>): number => toolShare(baseline, tool, kind, taints[kind])
  if (taint === undefined) {
    const none = 1 - shareOf('foreign') - shareOf('targets') - shareOf('others')
    const misuse = 1 - misuseForeign - misuseTargets - misuseOthers
    return { nats: hedgedNats(misuse / Math.max(misuse, none), hedge, unforeseen), route: undefined }
  }
  if (!taint.foreign) {
    const kind = taint.target ? 'targets' : 'others'
    const misuse = taint.target ? misuseTargets : misuseOthers
    return { nats: hedgedNats(misuse / shareOf(kind), hedge, unforeseen), route: undefined }
  }
  if (isUnknown) return { nats: nothingIsMet, route: taint.routes[0] }
  let most = -Infinity
  let route: TaintRoute | undefined = undefined
  for (const way of taint.routes) {
    const ratio = ratioOf(session, baseline, tool, shareOf('foreign'), way)
    if (ratio <= most) continue
    most = ratio
    route = way
  }
  return { nats: hedgedNats(most, hedge, unforeseen), route }
}

const toolShare = (
  { role, agent }: BaselineView,
  tool: number,
  kind: Exclude<SinkCount, 'calls'>,
  parent: number,
): number => {
  const totals = sinkKey(tool, 'calls')
  const isNew = agent.countOfOrigin(totals) + role.countOfOrigin(totals) === 0
  const strength = kind === 'foreign' ? toolForeignCalls : toolCalls
  // What other tools do is no excuse for one that nobody used.
  let share = isNew && kind === 'foreign' ? Math.min(usualForeign, parent) : parent
  for (const profile of [role, agent]) {
    const calls = profile.countOfOrigin(totals)
    const hits = Math.min(calls, profile.countOfOrigin(sinkKey(tool, kind)))
    share = (hits + strength * share) / (calls + strength)
  }
  return share
}

/** @param foreign share of the tool's calls that carry a foreign target */
const ratioOf = (
  session: Session,
  { agent, role }: BaselineView,
  tool: number,
  foreign: number,
  { kind, origin, source }: TaintRoute,
): number => {
  const timesOf = (key: number): number => agent.countOfOrigin(key) + role.countOfOrigin(key)
  if (origin === unclearOrigin) {
    // What could not be kept may as well have come with the request.
    const calls = timesOf(sinkKey(tool, 'calls'))
    const times =
      timesOf(routeKey(tool, 'other', unclearTool)) + timesOf(routeKey(tool, 'other', requestTool))
    return misuseUnclear / ((Math.min(calls, times) + toolCalls * usualUnclear) / (calls + toolCalls))
  }
  const hits = timesOf(sinkKey(tool, 'foreign'))
  const times = Math.min(
    hits,
    timesOf(routeKey(tool, kind, source === unknownTool ? unclearTool : session.tools.keyAt(source))),
  )
  // Relative to misuse, which takes any way.
  return misuseForeign / (foreign * ((times / routeShare + newRoutes) / (hits + newRoutes)))
}
