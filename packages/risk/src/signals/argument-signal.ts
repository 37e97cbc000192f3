import type { InvocationAttempted, Parameter } from '@cordon/schemas'

import { mixHashes, nameKey } from '../hash.ts'
import type { BaselineView } from '../baseline/baseline-view.ts'
import { limits } from '../session/limits.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { parentUses, parentNovelty, misuseShare, roleShare, unforeseen } = model.argument

/** Stands for a parameter's name where the form of the call as a whole is meant. */
const formName = '\0form'

/** What the arguments of one call say. */
export interface ArgumentFinding {
  readonly nats: number
  /** Name of the parameter whose value is new; empty where it is the form of the call. */
  readonly name: string
  /** Distinct values that were seen before. */
  readonly known: number
}

const nothing: ArgumentFinding = { nats: 0, name: '', known: 0 }

/** Key of a parameter of a tool. */
export const slotKey = (tool: number, name: string): number => mixHashes(tool, nameKey(name))

/** Key of a value of a parameter of a tool: 32 bits. */
export const valueKey = (slot: number, value: number): number =>
  mixHashes(mixHashes(slot, value | 0), Math.floor(value / 4294967296) | 0)

/** Visits the parameters of a call and, as one more, its form (which names of which types). */
export const eachParameter = (
  attempt: InvocationAttempted,
  tool: number,
  visit: (slot: number, value: number, name: string, parameter?: Parameter) => void,
): void => {
  const count = Math.min(attempt.parameters.length, limits.parametersPerCall)
  for (let position = 0; position < count; position += 1) {
    const parameter: Parameter = attempt.parameters[position]!
    const slot = slotKey(tool, parameter.name)
    visit(slot, valueKey(slot, parameter.value), parameter.name, parameter)
  }
  const form = slotKey(tool, formName)
  visit(form, valueKey(form, attempt.argumentsShape), '')
}

/**
 * Arguments: the value that is new to this parameter of this tool, where new ones are rarest (`P_new`). A parameter that
 * takes a new value every time, as a text does, says nothing. The values of one call come together, so only the loudest
 * counts.
 * @param tool key of the tool
 */
export const judgeArguments = (
  { agent, role }: BaselineView,
  attempt: InvocationAttempted,
  tool: number,
): ArgumentFinding => {
  let loudest = nothing
  eachParameter(attempt, tool, (slot, value, name) => {
    const draws = agent.drawsOf(slot)
    if (draws === 0 || agent.knowsValue(value)) return
    const distinct = agent.distinctOf(slot)
    const novelty = (distinct + parentUses * parentNovelty) / (draws + parentUses)
    const nats = hedgedNats(misuseShare / novelty, 1, unforeseen) * (role.knowsValue(value) ? roleShare : 1)
    if (nats > loudest.nats) loudest = { nats, name, known: distinct }
  })
  return loudest
}
