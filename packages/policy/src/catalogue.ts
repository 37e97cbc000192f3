import type { Bundle, CatalogueEntry } from './bundle.ts'

/** The entry of `server/tool`, else the server's `server/*`, else `undefined`: then the tool is unknown and denied. */
export const findCatalogueEntry = (
  catalogue: Bundle['catalogue'],
  server: string,
  tool: string,
): CatalogueEntry | undefined => own(catalogue, `${server}/${tool}`) ?? own(catalogue, `${server}/*`)

/** Whether the catalogue knows anything of a server. */
export const hasServer = (catalogue: Bundle['catalogue'], server: string): boolean =>
  Object.keys(catalogue).some(key => key.startsWith(`${server}/`))

/** The pins of a server's tools: tool → digest of the only definition that it may have. */
export const pinsOf = (catalogue: Bundle['catalogue'], server: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(catalogue).flatMap(([key, { definition }]) =>
      definition !== undefined && key.startsWith(`${server}/`)
        ? [[key.slice(server.length + 1), definition]]
        : [],
    ),
  )

/** Whether a call is denied, rather than let through, when nothing certain is known of its session. */
export const isSensitive = (entry: CatalogueEntry): boolean =>
  entry.mode === 'gate' || (entry.sensitivity >= 2 && !entry.readOnly)

// Tool names come from outside: `constructor` and the like must not find what a prototype holds.
const own = (catalogue: Bundle['catalogue'], key: string): CatalogueEntry | undefined =>
  Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
