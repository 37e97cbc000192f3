/** What SQL touches and does. */
export interface SqlReading {
  /** `schema.table` or `table`, sorted. */
  readonly tables: readonly string[]
  /** What is done beside reading tables: `insert`, `drop`, `do`, `function:pg_read_file`, … Sorted; empty for a plain query. */
  readonly operations: readonly string[]
}

type Scope = ReadonlySet<string>
type TreeObject = Readonly<Record<string, unknown>>

interface Findings {
  readonly tables: Set<string>
  readonly operations: Set<string>
}

/** PostgreSQL allows more; people and agents do not write it. */
const maxTreeDepth = 800

const droppedRelations = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE'])

// Functions that reach files, other servers or settings, or run SQL out of a string, past what the statement names.
const farReachingFunction =
  /^(?:pg_(?:read|ls|stat)_.*|lo_(?:im|ex)port|dblink.*|(?:query|table|schema|database|cursor)_to_xml.*|ts_stat|crosstab.*|set_config|pg_(?:terminate|cancel)_backend)$/

/**
 * Walks PostgreSQL's parse tree. A node with `relname` is a table unless a common table expression in scope has its name;
 * a node with `withClause` opens a scope.
 * @returns `undefined` where the tree is nested too deeply
 */
export const readSqlTree = (statements: readonly unknown[]): SqlReading | undefined => {
  const findings: Findings = { tables: new Set(), operations: new Set() }
  if (!visit(statements, new Set(), findings, 0)) return undefined
  return { tables: [...findings.tables].sort(), operations: [...findings.operations].sort() }
}

const visit = (node: unknown, scope: Scope, findings: Findings, depth: number): boolean => {
  if (typeof node !== 'object' || node === null) return true
  if (depth > maxTreeDepth) return false
  if (Array.isArray(node)) return node.every(item => visit(item, scope, findings, depth + 1))
  return visitObject(node as TreeObject, scope, findings, depth)
}

const visitObject = (node: TreeObject, outer: Scope, findings: Findings, depth: number): boolean => {
  if (typeof node['relname'] === 'string') noteTable(node, outer, findings)
  const scope = namesOfWith(node['withClause'], outer)
  return Object.entries(node).every(([key, value]) => {
    note(key, value, findings)
    // Names after FOR UPDATE OF are aliases of what FROM lists.
    if (key === 'lockedRels') return true
    if (key === 'withClause') return visitWith(value, outer, findings, depth + 1)
    return visit(value, isTarget(key) ? noNames : scope, findings, depth + 1)
  })
}

// What is written to is always a table, whatever a common table expression is called.
const noNames: Scope = new Set()
const isTarget = (key: string): boolean => key === 'relation' || key === 'intoClause' || key === 'into'

const namesOfWith = (withClause: unknown, outer: Scope): Scope =>
  isObject(withClause) ? new Set([...outer, ...expressionsOf(withClause).map(({ name }) => name)]) : outer

// Without RECURSIVE an expression sees those before it only, so `WITH t AS (SELECT * FROM t)` reads the table t.
const visitWith = (withClause: unknown, outer: Scope, findings: Findings, depth: number): boolean => {
  if (!isObject(withClause)) return true
  const expressions = expressionsOf(withClause)
  const seen = new Set(outer)
  if (withClause['recursive'] === true) for (const { name } of expressions) seen.add(name)
  return expressions.every(({ name, query }) => {
    const visited = visit(query, new Set(seen), findings, depth + 1)
    seen.add(name)
    return visited
  })
}

const expressionsOf = (withClause: TreeObject): { name: string; query: unknown }[] =>
  listOf(withClause['ctes']).flatMap(item => {
    const expression = isObject(item) ? item['CommonTableExpr'] : undefined
    return isObject(expression) && typeof expression['ctename'] === 'string'
      ? [{ name: expression['ctename'], query: expression['ctequery'] }]
      : []
  })

const noteTable = (node: TreeObject, scope: Scope, { tables }: Findings): void => {
  const name = String(node['relname'])
  const qualifiers = [node['catalogname'], node['schemaname']].filter(part => typeof part === 'string')
  if (qualifiers.length > 0 || !scope.has(name)) tables.add(qualifiedName([...qualifiers, name]))
}

const note = (key: string, value: unknown, { tables, operations }: Findings): void => {
  if (!isObject(value)) return
  // SELECT … INTO makes a table.
  if (key === 'intoClause') operations.add('into')
  if (key === 'FuncCall') {
    const name = namesIn(value['funcname']).at(-1) ?? ''
    if (farReachingFunction.test(name)) operations.add(`function:${name}`)
  } else if (/^[A-Z]\w*Stmt$/.test(key) && key !== 'SelectStmt') {
    operations.add(key.slice(0, -'Stmt'.length).toLowerCase())
    if (key === 'DropStmt' && droppedRelations.has(String(value['removeType'])))
      for (const names of droppedNames(value['objects'])) tables.add(qualifiedName(names))
  }
}

const droppedNames = (objects: unknown): string[][] =>
  listOf(objects)
    .map(item => namesIn(isObject(item) && isObject(item['List']) ? item['List']['items'] : undefined))
    .filter(names => names.length > 0)

const namesIn = (list: unknown): string[] =>
  listOf(list).flatMap(item => {
    const text = isObject(item) && isObject(item['String']) ? item['String']['sval'] : undefined
    return typeof text === 'string' ? [text] : []
  })

// `public` is where an unqualified name leads by default, so both spellings are one table.
const qualifiedName = (parts: readonly string[]): string =>
  (parts.length === 2 && parts[0] === 'public' ? parts.slice(1) : parts).map(quoteName).join('.')

const quoteName = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : JSON.stringify(name))

const isObject = (value: unknown): value is TreeObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
