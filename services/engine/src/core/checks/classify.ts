import { findCatalogueEntry } from '@cordon/policy'

import { argumentEntities } from '../argument-entities.ts'
import type { BundleFacts, CallFacts, ClassifiedFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { nameResources } from '../named-resources.ts'

/** What does the call do? The catalogue says what the tool is, the arguments say what it touches and carries. */
export const classify: Check<CallFacts & BundleFacts, ClassifiedFacts> = {
  name: 'classify',
  run({ call, canonical, bundle }, { extraction }) {
    const tool = `${call.server}/${call.tool}`
    const entry = findCatalogueEntry(bundle.catalogue, call.server, call.tool)
    if (entry === undefined) {
      return refuse(
        deny('TOOL_UNKNOWN', `The catalogue has no tool ${tool}. An operator can add it to the bundle.`),
      )
    }
    if (canonical.args === undefined) return refuse(deny('ARGUMENTS_INVALID', canonical.problem))
    if (canonical.problem !== undefined) return refuse(deny('ARGUMENTS_INVALID', canonical.problem))
    const { args, bytes: argumentsBytes, digest: argumentsDigest } = canonical
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
      argumentsDigest,
    }
    return pass({ entry, classified })
  },
}
