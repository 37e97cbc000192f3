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

/** The one text of the arguments, or what is wrong with them. */
const canonicalArguments = (args: CallArguments): { text: string } | { problem: string } => {
  const excess = argumentsExcess(args, argumentBounds)
  if (excess !== undefined) return { problem: excessInWords[excess] }
  try {
    return { text: canonicalJson(args) }
  } catch {
    // RFC 8785 §3.2.2: numbers beyond a double and halves of surrogate pairs have no canonical text, so no digest.
    return { problem: 'numbers within a double and well-formed text' }
  }
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
    const canonical = canonicalArguments(args)
    if ('problem' in canonical) {
      return refuse(deny('ARGUMENTS_INVALID', `The arguments may hold only ${canonical.problem}.`))
    }
    const argumentsBytes = Buffer.byteLength(canonical.text)
    if (argumentsBytes > maxArgumentsBytes) {
      return refuse(
        deny(
          'ARGUMENTS_INVALID',
          `The arguments may have ${maxArgumentsBytes} bytes, and have ${argumentsBytes}.`,
        ),
      )
    }
    const { entities, overflow } = argumentEntities(entry.resources, args, extraction)
    const classified = {
      resources: nameResources(extraction.resources(entry.resources, args), extraction),
      entities,
      entitiesOverflow: overflow,
      parameters: extraction
        .parameters(args)
        .map(({ name, value }) => ({ name, value: extraction.parameterFingerprint(name, value) })),
      argumentsBytes,
      argumentsShape: extraction.argumentsShape(args),
      argumentsDigest: extraction.digest(canonical.text),
    }
    return pass({ entry, classified })
  },
}
