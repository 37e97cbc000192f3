import type { SqlReading } from './sql-tree.ts'

// For statements that no parser reads: of another dialect, or cut. Every repetition is bounded or runs to the end of what
// it takes, so the time is linear.
const silent = /'(?:[^']|'')*'?|--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?/g
const statement =
  /(?:^|[;()])[\s(]{0,64}(select|with|show|explain|describe|insert|update|delete|merge|replace|create|alter|drop|truncate|grant|revoke|copy|call|do|exec|execute|attach|load|set|begin|declare)\b/gi
const table =
  /\b(?:from|join|into|update|table)\s{1,8}(?:if\s{1,8}(?:not\s{1,8})?exists\s{1,8}|only\s{1,8})?((?:["`[]?[a-z_][\w$]{0,62}["`\]]?\.){0,2}["`[]?[a-z_][\w$]{0,62})/gi

const reading = new Set(['select', 'with', 'show', 'explain', 'describe'])
const grammar = new Set(['select', 'set', 'values', 'where', 'lateral', 'unnest'])

const strong =
  /^[\s(]{0,64}(?:select\b[^]{1,2000}?\bfrom\s|with\s{1,8}(?:recursive\s{1,8})?[\w"]{1,64}[^]{0,200}?\bas\s{0,8}(?:not\s{1,8}|materialized\s{1,8}){0,2}\(|insert\s{1,8}into\s|replace\s{1,8}into\s|update\s[^]{1,200}?\sset\s|delete\s{1,8}from\s|merge\s{1,8}into\s|truncate\s{1,8}\w|(?:create|alter|drop)\s{1,8}(?:or\s{1,8}replace\s|temp|unique\s|global\s|local\s|unlogged\s|materialized\s|foreign\s|table\s|database\s|schema\s|view\s|index\s|user\s|role\s|function\s|procedure\s|trigger\s|extension\s|policy\s|sequence\s|type\s|server\s|system\s)|grant\s[^]{1,400}?\sto\s|revoke\s[^]{1,400}?\sfrom\s|copy\s[^]{1,400}?\s(?:to|from)\s|explain\s{1,8}(?:analyze\s|select\s|insert\s|update\s|delete\s|\()|do\s{1,8}(?:\$|'|language\s)|call\s{1,8}[\w.]{1,64}\s{0,8}\()/i

/** Whether a text begins as statements do and not as sentences do: `delete from orders`, not `delete the order`. */
export const looksLikeSql = (text: string): boolean => strong.test(text.replace(silentStart, ''))

const silentStart = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/|$))*/

/** What can be told of statements by their words alone; of a text that is none, nothing. */
export const sketchSql = (sql: string): SqlReading => {
  if (!looksLikeSql(sql)) return { tables: [], operations: [] }
  const told = sql.replaceAll(silent, ' ')
  const found = (pattern: RegExp): string[] =>
    [...told.matchAll(pattern)].map(match => match[1]!.toLowerCase())
  const tables = found(table)
    .map(name => name.replaceAll(/["`[\]]/g, '').replace(/^public\./, ''))
    .filter(name => !grammar.has(name))
  const operations = found(statement).filter(word => !reading.has(word))
  return { tables: [...new Set(tables)].sort(), operations: [...new Set(operations)].sort() }
}
