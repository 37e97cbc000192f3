import { findCatalogueEntry } from '@cordon/policy'

import { argumentEntities } from '../argument-entities.ts'
import type { BundleFacts, CallFacts, ClassifiedFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { nameResources } from '../named-resources.ts'

const noDigest = Buffer.alloc(0)

// To look through arguments beyond every bound would cost what the bounds are there to save. What they carry counts as tainted.
const unread: ClassifiedFacts['classified'] = {
  resources: [],
  entities: [],
  entitiesOverflow: true,
  parameters: [],
  argumentsBytes: 0,
  argumentsShape: 0,
  argumentsDigest: noDigest,
}

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
    const { problem } = canonical
    const args = canonical.args ?? canonical.textless
    if (args === undefined) return refuse(deny('ARGUMENTS_INVALID', problem ?? ''))
    if (args === 'beyond')
      return refuse(deny('ARGUMENTS_INVALID', problem ?? ''), { entry, classified: unread })
    const { bytes = 0, digest = noDigest } = canonical.args === undefined ? {} : canonical
    const { entities, overflow } = argumentEntities(entry.resources, args, extraction)
    const classified = {
      resources: nameResources(extraction.resources(entry.resources, args), extraction),
      entities,
      entitiesOverflow: overflow,
      parameters: extraction.parameters(args).map(({ name, value }) => ({
        name,
        value: extraction.parameterFingerprint(name, value),
        wording: extraction.valueWording(value),
      })),
      argumentsBytes: bytes,
      argumentsShape: extraction.argumentsShape(args),
      argumentsDigest: digest,
    }
    // What could be read of them goes on record with the denial: nobody scores lower for arguments that nobody can read.
    if (problem !== undefined) return refuse(deny('ARGUMENTS_INVALID', problem), { entry, classified })
    return pass({ entry, classified })
  },
}
