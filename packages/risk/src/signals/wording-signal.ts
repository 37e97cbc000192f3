import type { InvocationAttempted, Parameter } from '@cordon/schemas'

import type { BaselineView } from '../baseline/baseline-view.ts'
import { mixHashes } from '../hash.ts'
import { limits } from '../session/limits.ts'
import type { Session } from '../session/session.ts'
import { slotKey, valueKey } from './argument-signal.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { misuseFromText, usualFromText, slotDraws } = model.wording
const { hedge, unforeseen } = model.provenance

/** What a sensitive call took out of running text. */
export interface WordingFinding {
  readonly nats: number
  /** Name of the parameter; empty where there is none. */
  readonly name: string
}

const nothing: WordingFinding = { nats: 0, name: '' }

/** Whether a value stands in running text that the session read before it gave that value to any call, and its human did not name it. */
export const isFromText = ({ wording, asked, given }: Session, value: Parameter): boolean =>
  wording.holds(value.wording) && !asked.holds(value.wording) && !given.includes(wordingKey(value))

// The first word and the last pair tell values apart well enough, in the same time however long they are.
const wordingKey = ({ wording }: Parameter): number =>
  mixHashes(mixHashes(wording[0]!, wording[1] ?? 0), wording.at(-1)!)

/**
 * Whole values out of running text: instructions come as sentences, what work takes comes as fields of data or with the request. The value
 * counts whose parameter is given such ones most rarely; what the agent gives it anyway does not.
 * @param tool key of the tool
 */
export const judgeWording = (
  session: Session,
  { agent }: BaselineView,
  attempt: InvocationAttempted,
  tool: number,
): WordingFinding => {
  if (session.wording.isEmpty) return nothing
  let loudest = nothing
  const count = Math.min(attempt.parameters.length, limits.parametersPerCall)
  for (let position = 0; position < count; position += 1) {
    const parameter = attempt.parameters[position]!
    if (!isFromText(session, parameter)) continue
    const slot = slotKey(tool, parameter.name)
    if (agent.knowsValue(valueKey(slot, parameter.value))) continue
    const draws = agent.drawsOf(slot)
    const share = (Math.min(draws, agent.fromTextOf(slot)) + slotDraws * usualFromText) / (draws + slotDraws)
    const nats = hedgedNats(misuseFromText / share, hedge, unforeseen)
    if (nats > loudest.nats) loudest = { nats, name: parameter.name }
  }
  return loudest
}

/** What the session gives of its own accord stays its own when a text has it later. */
export const rememberValues = (session: Session, attempt: InvocationAttempted): void => {
  const { given, wording } = session
  const count = Math.min(attempt.parameters.length, limits.parametersPerCall)
  for (let position = 0; position < count; position += 1) {
    const value = attempt.parameters[position]!
    if (value.wording.length === 0 || wording.holds(value.wording)) continue
    const key = wordingKey(value)
    if (given.includes(key)) continue
    if (given.length === limits.given) given.shift()
    given.push(key)
  }
}
