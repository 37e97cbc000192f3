import type { BaselineView } from '../baseline/baseline-view.ts'
import { contextOfOne, contextOfTwo } from '../baseline/back-off-counts.ts'
import type { ProfileView } from '../baseline/profile-view.ts'
import type { Session } from '../session/session.ts'
import { attractionOf } from './attraction.ts'
import type { FactCode } from './fact.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { discount, strength, unknownTools, sessionWeight, maturityCalls, hedge, unforeseen, leastForUnknown } =
  model.tool

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
  const nats = maturity * hedgedNats(misuse / adapted, hedge, unforeseen)
  const isKnown = baseline.agent.countOfTool(tool) > 0 || baseline.role.countOfTool(tool) > 0
  return isKnown ? nats : Math.max(maturity * leastForUnknown, nats)
}

/** Which of the facts about a tool holds. */
export const toolFactCode = ({ agent, role, all }: BaselineView, tool: number): FactCode => {
  if (agent.countOfTool(tool) > 0) return 'tool-unusual-here'
  if (role.countOfTool(tool) > 0) return 'tool-unknown-to-agent'
  if (all.countOfTool(tool) > 0) return 'tool-unknown-to-role'
  return role.calls + all.calls > 0 ? 'tool-unknown-to-all' : 'tool-unknown'
}

/**
 * How usual the tool is after the two before it. Of an agent that n calls were learned from, c of them of the tool, m sessions more
 * raise what it knows by itself to no more than (c + 3m) / (n + 3m); the rest is what its role and everyone do.
 */
export const probability = (
  { agent, role, all }: Pick<BaselineView, 'agent' | 'role' | 'all'>,
  beforeThat: number,
  previous: number,
  tool: number,
): number => {
  let share = 1 / (all.tools.types + role.tools.types + agent.tools.types + unknownTools)
  share = amongTools(all, tool, share)
  share = amongTools(role, tool, share)
  share = amongTools(agent, tool, share)
  share = inContext(agent, contextOfOne(previous), tool, share)
  return inContext(agent, contextOfTwo(beforeThat, previous), tool, share)
}

const amongTools = (profile: ProfileView, tool: number, parent: number): number =>
  backOff(profile.countOfTool(tool), profile.tools.total, profile.tools.types, parent)

const inContext = (agent: ProfileView, context: number, tool: number, parent: number): number => {
  const total = agent.totalAfter(context)
  return total === 0
    ? parent
    : backOff(agent.countAfter(context, tool), total, agent.typesAfter(context), parent)
}

const backOff = (count: number, total: number, types: number, parent: number): number =>
  (Math.max(0, count - discount) + (strength + discount * types) * parent) / (total + strength)
