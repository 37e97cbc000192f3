/**
 * What bounds a session's state: its encoding stays below 4 KiB whatever the session does. What does not fit is treated as
 * suspicious (entities), or only makes a fact less exact (names of tools).
 */
export const limits = {
  /** Encoded, bytes. */
  stateBytes: 4096,
  /** Bytes; an agent or role with a longer name has no baseline. */
  idBytes: 96,
  /** Bytes of a tool's or resource's name in a fact; longer ones are cut. */
  nameBytes: 40,
  /** Distinct tools whose calls are counted in the session. */
  tools: 14,
  /** Engines whose sequence numbers are followed. */
  engines: 8,
  /** Runs of missing calls that are waited for. */
  gaps: 8,
  /** Invocations that are recognised when they are repeated. */
  invocations: 32,
  /** Resources whose novelty has been counted. */
  resources: 40,
  /** Results that are told apart as the origin of an entity. */
  origins: 47,
  /** Entities whose first appearance is known. */
  entities: 152,
  /** Values that the session gave before any text had them. */
  given: 32,
  /** Resources of one call that are looked at. */
  resourcesPerCall: 16,
  /** Entities of one call or result that are looked at; more count as overflow. */
  entitiesPerCall: 64,
  /** Parameters of one call that are looked at. */
  parametersPerCall: 16,
  /** What a session would teach stands beside its state; encoded, bytes. */
  draftBytes: 1280,
  /** Of each of these, distinct ones that a session teaches. */
  lessonPairs: 32,
  lessonTriples: 48,
  lessonResources: 24,
  lessonParameters: 48,
  lessonEntities: 48,
  lessonRoutes: 16,
} as const
