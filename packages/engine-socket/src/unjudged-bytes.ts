/**
 * So many bytes pass as no data that nobody judges: of a message whose method carries none, with its headers; of a call its `_meta` and headers.
 * There the agent may write what it likes. An honest one needs less: a list with a cursor of 2 KiB and all that a client says of itself has
 * 3 KiB, a call has 1 KiB of that, with what a trace needs (MCP 2026-07-28).
 */
export const mostUnjudgedBytes: number = 4 * 1024
