import { canonicalJson } from '@cordon/foundation'
import { findCatalogueEntry } from '@cordon/policy'

import type { CallArguments } from '../../ports.ts'
import { argumentEntities } from '../argument-entities.ts'
import { argumentsExcess } from '../arguments-excess.ts'
import type { BundleFacts, CallFacts, ClassifiedFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { nameResources } from '../named-resources.ts'

/** 1 MiB: more than an agent writes in one call; the time to look through it delays the calls beside it. */
const maxArgumentsBytes = 1024 * 1024
const argumentBounds = {
  /** Deeper than any tool's schema, far from any stack's end. */
  levels: 64,
  /** More than any call lists; each takes longer than its text. */
  items: 10_000,
  characters: maxArgumentsBytes,
}
const excessInWords = {
  levels: `at most ${argumentBounds.levels} levels`,
  items: `at most ${argumentBounds.items} members and items`,
  characters: `at most ${argumentBounds.characters} characters`,
}

const isJsonObject = (value: unknown): value is CallArguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The one text of the arguments, where they have one, and what is wrong with them. */
const canonicalArguments = (args: CallArguments): { readonly text?: string; readonly problem?: string } => {
  try {
    const text = canonicalJson(args)
    const bytes = Buffer.byteLength(text)
    if (bytes <= maxArgumentsBytes) return { text }
    return { text, problem: `The arguments may have ${maxArgumentsBytes} bytes, and have ${bytes}.` }
  } catch {
    // RFC 8785 §3.2.2: numbers beyond a double and halves of surrogate pairs have no canonical text, so no digest.
    return { problem: 'The arguments may hold only numbers within a double and well-formed text.' }
  }
}

// To look through arguments beyond every bound would cost what the bounds are there to save. What they carry counts as tainted.
const unread: ClassifiedFacts['classified'] = {
  resources: [],
  entities: [],
  entitiesOverflow: true,
  parameters: [],
  argumentsBytes: 0,
  argumentsShape: 0,
  argumentsDigest: Buffer.alloc(0),
}

/** What does the call do? The catalogue says what the tool is, the arguments say what it touches and carries. */
export const classify: Check<CallFacts & BundleFacts, ClassifiedFacts> = {
  name: 'classify',
  run({ call, bundle }, { extraction }) {
    const tool = `${call.server}/${call.tool}`
    const entry = findCatalogueEntry(bundle.catalogue, call.server, call.tool)
    if (entry === undefined) {
      return refuse(
        deny('TOOL_UNKNOWN', `The catalogue has no tool ${tool}. An operator can add it to the bundle.`),
      )
    }
    const args = call.arguments
    if (!isJsonObject(args)) {
      const message = `The arguments have to be a JSON object of at most ${maxArgumentsBytes} bytes.`
      return refuse(deny('ARGUMENTS_INVALID', message))
    }
    const excess = argumentsExcess(args, argumentBounds)
    if (excess !== undefined) {
      const message = `The arguments may hold only ${excessInWords[excess]}.`
      return refuse(deny('ARGUMENTS_INVALID', message), { entry, classified: unread })
    }
    const { text = '', problem } = canonicalArguments(args)
    const { entities, overflow } = argumentEntities(entry.resources, args, extraction)
    const classified = {
      resources: nameResources(extraction.resources(entry.resources, args), extraction),
      entities,
      entitiesOverflow: overflow,
      parameters: extraction
        .parameters(args)
        .map(({ name, value }) => ({ name, value: extraction.parameterFingerprint(name, value) })),
      argumentsBytes: Buffer.byteLength(text),
      argumentsShape: extraction.argumentsShape(args),
      argumentsDigest: extraction.digest(text),
    }
    // What could be read of them goes on record with the denial: nobody scores lower for arguments that nobody can read.
    if (problem !== undefined) return refuse(deny('ARGUMENTS_INVALID', problem), { entry, classified })
    return pass({ entry, classified })
  },
}
