import type { JsonField } from './json-field.ts'
import { encodeKeys, parseKeys } from './key-list.ts'
import { parseOrigins, storedOrigins } from './origin-json.ts'
import type { KeyCounts, LearnedCounts } from './learned-counts.ts'
import { parseParameters } from './parameter-rows.ts'
import { resourceKinds } from './resource-key.ts'

/** As it stands in a JSON document. */
export const storedCounts = (learned: LearnedCounts): unknown => ({
  ...learned,
  seen: storedKeys(learned.seen),
  entities: storedKeys(learned.entities),
  met: storedKeys(learned.met),
  values: storedKeys(learned.values),
  origins: storedOrigins(learned.origins),
})

/** @throws RiskError `BASELINES_MALFORMED` */
export const parseCounts = (learned: JsonField): LearnedCounts => ({
  sessions: learned.field('sessions').count(),
  calls: learned.field('calls').count(),
  tools: learned
    .field('tools')
    .list(entry => [entry.item(0, 3).text(), entry.item(1, 3).count(), entry.item(2, 3).count()] as const),
  after: learned.field('after').list(namesAndCount),
  afterTwo: learned.field('afterTwo').list(namesAndCount),
  draws: learned
    .field('draws')
    .list(
      entry =>
        [entry.item(0, 3).oneOf(resourceKinds), entry.item(1, 3).count(), entry.item(2, 3).count()] as const,
    ),
  kinds: learned.field('kinds').list(kind => kind.position(0, resourceKinds.length)),
  seen: keysOf(learned.field('seen')),
  entities: keysOf(learned.field('entities')),
  met: keysOf(learned.field('met')),
  parameters: parseParameters(learned.field('parameters')),
  values: keysOf(learned.field('values')),
  sizes: learned.field('sizes').list(count => count.count()),
  rate: {
    sessions: learned.field('rate').field('sessions').count(),
    mean: learned.field('rate').field('mean').amount(),
    squares: learned.field('rate').field('squares').amount(),
  },
  outcomes: {
    calls: learned.field('outcomes').field('calls').count(),
    failures: learned.field('outcomes').field('failures').count(),
  },
  sinks: {
    calls: learned.field('sinks').field('calls').count(),
    foreign: learned.field('sinks').field('foreign').count(),
    targets: learned.field('sinks').field('targets').count(),
    others: learned.field('sinks').field('others').count(),
  },
  origins: parseOrigins(learned.optional('origins')),
})

const storedKeys = ({ keys, counts }: KeyCounts): unknown => ({
  keys: encodeKeys(keys),
  counts: encodeKeys(counts),
})

const keysOf = (field: JsonField): KeyCounts => ({
  keys: parseKeys(field.field('keys')),
  counts: parseKeys(field.field('counts')),
})

const namesAndCount = (entry: JsonField): readonly [string, number] => [
  entry.item(0, 2).text(),
  entry.item(1, 2).count(),
]
