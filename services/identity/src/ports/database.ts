/** What a parameter may be. JSON goes as text; bytes come back as a `Buffer`; `bigint` columns come back as numbers. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly (string | number | boolean | null)[]
  | readonly Uint8Array[]

/** Asks one statement, in the SQL that PostgreSQL and PGlite share. */
export interface Queries {
  /**
   * @param sql one statement, parameters as `$1`
   * @returns the rows, where the statement has some
   * @throws IdentityError `DATABASE_UNAVAILABLE` where nothing is known of the outcome, or it may be asked again; `DATABASE_REFUSED`
   * where it does not take the values; `DATABASE_FAILED` where it would take no others either
   */
  readonly query: <Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly SqlValue[],
  ) => Promise<readonly Row[]>
}

/** Where identity keeps what must survive it. What resolved is kept, also through `kill -9`. */
export interface Database extends Queries {
  /**
   * All or nothing: committed when `run` resolves, rolled back when it rejects. `run` asks what it is given and never the
   * database itself: the embedded one has a single connection, and would wait for its own transaction.
   */
  transaction<Value>(run: (queries: Queries) => Promise<Value>): Promise<Value>
  close(): Promise<void>
}

/** One step of the schema. Steps are only ever added. */
export interface Migration {
  /** Which part of identity it belongs to. */
  readonly part: string
  /** 1, 2, 3 … within the part. */
  readonly number: number
  /** One statement each. */
  readonly statements: readonly string[]
}
