import type { EntityKind } from '@cordon/schemas'

import type { OriginRow } from '../baseline/origin-counts.ts'
import { requestTool, routeKey, sinkCounts, sinkKey, unclearTool } from '../baseline/origin-key.ts'
import { resourceKinds } from '../baseline/resource-key.ts'
import { storedToolName } from '../baseline/tool-key.ts'
import { nameKey } from '../hash.ts'
import { broughtAlong } from '../session/entity-trail.ts'
import { factKinds } from '../session/fact-kinds.ts'
import { unknownTool } from '../session/origin-list.ts'
import type { Session } from '../session/session.ts'
import { model } from '../signals/model.ts'
import { nothingAfter, nothingBefore } from './lesson.ts'
import type { Lesson } from './lesson.ts'
import { beforeTheFirst, fromRequest } from './lesson-draft.ts'
import type { ToolShare } from './lesson-draft.ts'

/** What the session teaches as it stands. */
export const lessonOf = (session: Session): Lesson => {
  const { draft } = session
  const { pairs, triples, resources, parameters } = draft
  const name = namesOf(session)
  const after = mapRows(pairs, 3, at => ({
    previous: name(pairs[at]!),
    tool: name(pairs[at + 1]!),
    count: pairs[at + 2]!,
  }))
  const afterTwo = mapRows(triples, 4, at => ({
    beforeThat: name(triples[at]!),
    previous: name(triples[at + 1]!),
    tool: name(triples[at + 2]!),
    count: triples[at + 3]!,
  }))
  if (isKnown(draft.previous)) {
    const last = { previous: name(draft.previous), tool: nothingAfter, count: 1 }
    after.push(last)
    if (draft.beforeThat !== unknownTool) afterTwo.push({ beforeThat: name(draft.beforeThat), ...last })
  }
  return {
    tools: draft.tools.map(({ position, sensitivity, calls }) => ({
      tool: name(position),
      sensitivity,
      count: calls,
    })),
    after,
    afterTwo,
    resources: mapRows(resources, 3, at => ({
      kind: resourceKinds[resources[at]!]!,
      key: resources[at + 1]!,
      count: resources[at + 2]!,
    })),
    entities: [...draft.entities],
    met: metOf(session),
    parameters: mapRows(parameters, 2, at => ({
      slot: parameters[at]!,
      value: parameters[at + 1]!,
      fromText: draft.fromText.includes(at / 2),
    })),
    sizes: [...draft.sizes],
    outcomes: {
      calls: sum(draft.tools, ({ succeeded, failed }) => succeeded + failed),
      failures: sum(draft.tools, ({ failed }) => failed),
    },
    sinks: {
      calls: sum(
        draft.tools,
        ({ untainted, foreign, targets, others }) => untainted + foreign + targets + others,
      ),
      foreign: sum(draft.tools, ({ foreign }) => foreign),
      targets: sum(draft.tools, ({ targets }) => targets),
      others: sum(draft.tools, ({ others }) => others),
    },
    origins: originsOf(session),
    rate: draft.calls / ((draft.elapsedMs + model.rate.graceMs) / 1000),
  }
}

const originsOf = (session: Session): Lesson['origins'] => {
  const { draft, tools } = session
  const { routes } = draft
  const origins: OriginRow[] = []
  for (const { position, untainted, foreign, targets, others } of draft.tools) {
    const calls = untainted + foreign + targets + others
    if (calls === 0) continue
    const tool = tools.keyAt(position)
    const counts = { calls, foreign, targets, others }
    for (const kind of sinkCounts)
      if (counts[kind] > 0) origins.push({ tool, key: sinkKey(tool, kind), count: counts[kind] })
  }
  for (let at = 0; at < routes.length; at += 4) {
    const tool = tools.keyAt(routes[at]!)
    const source = sourceKey(session, routes[at + 2]!)
    const key = routeKey(tool, factKinds[routes[at + 1]!] as EntityKind, source)
    origins.push({ tool, key, count: routes[at + 3]! })
  }
  return origins
}

const sourceKey = ({ tools }: Session, source: number): number => {
  if (source === fromRequest) return requestTool
  return source === unknownTool ? unclearTool : tools.keyAt(source)
}

const isKnown = (position: number): boolean => position !== unknownTool && position !== beforeTheFirst

/** Names by their positions, each made once. */
const namesOf = (session: Session): ((position: number) => string) => {
  const names: (string | undefined)[] = []
  return position =>
    position === beforeTheFirst ? nothingBefore : (names[position] ??= storedName(session, position))
}

// The session keeps only the beginning of a long name, but the key of all of it.
const storedName = ({ tools }: Session, position: number): string => {
  const name = tools.names[position]!
  const key = tools.keyAt(position)
  return nameKey(name) === key ? storedToolName(name) : `#${key}`
}

/** Entities of what was let through, and of results. */
const metOf = ({ draft, entities }: Session): readonly number[] => {
  const met = new Set(draft.entities)
  for (let position = 0; position < entities.size; position += 1)
    if (entities.originAt(position) !== broughtAlong) met.add(entities.keyAt(position))
  return [...met]
}

/** What is made of each row. @param make is told where the row begins */
const mapRows = <Made>(rows: readonly number[], width: number, make: (at: number) => Made): Made[] => {
  const made: Made[] = []
  for (let at = 0; at < rows.length; at += width) made.push(make(at))
  return made
}

const sum = (shares: readonly ToolShare[], of: (share: ToolShare) => number): number =>
  shares.reduce((total, share) => total + of(share), 0)
