/** What is sent back. */
export interface HttpAnswer {
  readonly status: number
  /** JSON, or `text`; nothing where there is nothing to say. */
  readonly body?: unknown
  /** Of another kind than JSON: `content-type` says which. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What was wrong with the request itself. */
  readonly fault?: RequestFault
}

/** What is wrong with a request before anybody looks at what it asks for. */
export type RequestFault =
  | 'SECRET_WRONG'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'MEDIA_TYPE_UNSUPPORTED'
  | 'BODY_TOO_LARGE'
  | 'BODY_NOT_JSON'
  | 'BODY_INVALID'
  | 'QUERY_INVALID'
  | 'SCOPE_MALFORMED'
  | 'SCOPE_UNKNOWN'
  | 'HOST_WRONG'
  | 'ENGINE_KEYS_REFUSED'

const statuses: Readonly<Record<RequestFault, number>> = {
  SECRET_WRONG: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  MEDIA_TYPE_UNSUPPORTED: 415,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 400,
  BODY_INVALID: 400,
  QUERY_INVALID: 400,
  SCOPE_MALFORMED: 400,
  SCOPE_UNKNOWN: 400,
  HOST_WRONG: 421,
  ENGINE_KEYS_REFUSED: 403,
}

export const faultAnswer = (
  code: RequestFault,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ status: statuses[code], body: { error: code, message }, headers, fault: code })

export const onlyAllowed = (allow: string, got: string): HttpAnswer =>
  faultAnswer('METHOD_NOT_ALLOWED', `method: expected ${allow}, got ${got}`, { allow })
