import type { EntityKind } from '@cordon/schemas'

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
  const name = (position: number): string =>
    position === beforeTheFirst ? nothingBefore : storedName(session, position)
  return {
    tools: draft.tools.map(({ position, sensitivity, calls }) => ({
      tool: name(position),
      sensitivity,
      count: calls,
    })),
    after: [
      ...rowsOf(draft.pairs, 3).map(([previous, tool, count]) => ({
        previous: name(previous!),
        tool: name(tool!),
        count: count!,
      })),
      ...(isKnown(draft.previous) ? [{ previous: name(draft.previous), tool: nothingAfter, count: 1 }] : []),
    ],
    afterTwo: [
      ...rowsOf(draft.triples, 4).map(([beforeThat, previous, tool, count]) => ({
        beforeThat: name(beforeThat!),
        previous: name(previous!),
        tool: name(tool!),
        count: count!,
      })),
      ...(isKnown(draft.previous) && draft.beforeThat !== unknownTool
        ? [
            {
              beforeThat: name(draft.beforeThat),
              previous: name(draft.previous),
              tool: nothingAfter,
              count: 1,
            },
          ]
        : []),
    ],
    resources: rowsOf(draft.resources, 3).map(([kind, key, count]) => ({
      kind: resourceKinds[kind!]!,
      key: key!,
      count: count!,
    })),
    entities: [...draft.entities],
    met: metOf(session),
    parameters: rowsOf(draft.parameters, 2).map(([slot, value], row) => ({
      slot: slot!,
      value: value!,
      fromText: draft.fromText.includes(row),
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
  const ofTools = draft.tools.flatMap(({ position, untainted, foreign, targets, others }) => {
    const counts = { calls: untainted + foreign + targets + others, foreign, targets, others }
    const tool = tools.keyAt(position)
    return sinkCounts.map(kind => ({ tool, key: sinkKey(tool, kind), count: counts[kind] }))
  })
  const routes = rowsOf(draft.routes, 4).map(([tool, kind, source, count]) => ({
    tool: tools.keyAt(tool!),
    key: routeKey(tools.keyAt(tool!), factKinds[kind!] as EntityKind, sourceKey(session, source!)),
    count: count!,
  }))
  return [...ofTools, ...routes].filter(({ count }) => count > 0)
}

const sourceKey = ({ tools }: Session, source: number): number => {
  if (source === fromRequest) return requestTool
  return source === unknownTool ? unclearTool : tools.keyAt(source)
}

const isKnown = (position: number): boolean => position !== unknownTool && position !== beforeTheFirst

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

const rowsOf = (rows: readonly number[], width: number): number[][] =>
  Array.from({ length: rows.length / width }, (_, row) => rows.slice(row * width, (row + 1) * width))

const sum = (shares: readonly ToolShare[], of: (share: ToolShare) => number): number =>
  shares.reduce((total, share) => total + of(share), 0)
