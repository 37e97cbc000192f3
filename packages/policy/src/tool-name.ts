/**
 * A catalogue key, and a granted tool: `server/tool`, or `server/*` for all of a server. Names end up in a token's scope,
 * so they hold the characters of a scope-token only (RFC 6749 §3.3); the star stands alone.
 */
export const toolNamePattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/(?:\*|[!#-)+-[\]-~]{1,128})$/
