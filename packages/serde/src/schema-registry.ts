/** What Cordon needs of a schema registry. Rejects with a `TransientFault` while it cannot be reached. */
export interface SchemaRegistry {
  /**
   * Registers a schema, and that versions of its subject must stay compatible in both directions with all before them.
   * @returns the schema's id; the same for the same schema
   * @throws SerdeError `SCHEMA_INCOMPATIBLE`
   */
  register(subject: string, schema: string): Promise<number>
  /** The id under which the schema is registered, if it is. */
  lookUp(subject: string, schema: string): Promise<number | undefined>
  /** The schema of an id, if there is one. */
  fetch(schemaId: number): Promise<string | undefined>
}

/** How to reach a registry. */
export interface RegistryAccess {
  /** Where the Confluent API begins. */
  readonly url: string
  readonly username?: string
  readonly password?: string
}
