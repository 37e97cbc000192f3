import type { BaselineView } from '../baseline/baseline-view.ts'
import { contextOfOne, contextOfTwo } from '../baseline/profile-view.ts'
import type { ProfileView, Tally } from '../baseline/profile-view.ts'
import type { Session } from '../session/session.ts'
import { attractionOf } from './attraction.ts'
import type { FactCode } from './fact.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { discount, strength, unknownTools, sessionWeight, maturityCalls, hedge, maxNats } = model.tool

/**
 * Tool and sequence: hierarchical Pitman-Yor over (two previous tools) → (previous) → agent → role → all → uniform, mixed
 * with the session's own habits; against misuse that picks tools by their attraction.
 * @param tool key of the tool called
 * @param callsInSession of that tool, before this one
 */
export const toolNats = (
  session: Session,
  baseline: BaselineView,
  tool: number,
  sensitivity: number,
  callsInSession: number,
): number => {
  const learned = baseline.agent.calls + baseline.role.calls
  if (learned === 0) return 0
  const usual = probability(baseline, session.beforeThat, session.previous, tool)
  const adapted = (callsInSession + sessionWeight * usual) / (session.calls + sessionWeight)
  const misuse = attractionOf(sensitivity) / (baseline.attraction + unknownTools * attractionOf(1))
  const maturity = learned / (learned + maturityCalls)
  return maturity * hedgedNats(misuse / adapted, hedge, maxNats)
}

/** Which of the facts about a tool holds. */
export const toolFactCode = ({ agent, role, all }: BaselineView, tool: number): FactCode => {
  if (agent.countOfTool(tool) > 0) return 'tool-unusual-here'
  if (role.countOfTool(tool) > 0) return 'tool-unknown-to-agent'
  return all.countOfTool(tool) > 0 ? 'tool-unknown-to-role' : 'tool-unknown-to-all'
}

const probability = (
  { agent, role, all }: BaselineView,
  beforeThat: number,
  previous: number,
  tool: number,
): number => {
  let share = 1 / (all.tools.types + role.tools.types + agent.tools.types + unknownTools)
  share = backOff(share, all.tools, all.countOfTool(tool))
  share = backOff(share, role.tools, role.countOfTool(tool))
  share = backOff(share, agent.tools, agent.countOfTool(tool))
  share = inContext(agent, contextOfOne(previous), tool, share)
  return inContext(agent, contextOfTwo(beforeThat, previous), tool, share)
}

const inContext = (agent: ProfileView, context: number, tool: number, parent: number): number => {
  const tally = agent.tallyOf(context)
  return tally === undefined ? parent : backOff(parent, tally, agent.countAfter(context, tool))
}

const backOff = (parent: number, { total, types }: Tally, count: number): number =>
  (Math.max(0, count - discount) + (strength + discount * types) * parent) / (total + strength)
