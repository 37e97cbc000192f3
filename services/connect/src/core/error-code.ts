/** Codes of the errors of this service. */
export type ConnectErrorCode =
  | 'PROFILE_INVALID'
  | 'INTENT_INVALID'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_ANSWER_MALFORMED'
  /** The provider or the human said no, or the answer was not for this log-in. */
  | 'LOG_IN_REFUSED'
  | 'LOG_IN_TIMED_OUT'
  /** A human has to do something first; the message says what. */
  | 'LOG_IN_PENDING'
  /** While a log-in was under way, or a session was being opened. */
  | 'LOGGED_OUT'
  /** Identity could not be told of the end of a session. */
  | 'LOG_OUT_INCOMPLETE'
  | 'PROXY_UNAVAILABLE'
  /** Sent, but what came of it is not known. */
  | 'ANSWER_LOST'
  /** Its client gave it up before it was sent. */
  | 'REQUEST_CANCELLED'
  | 'STREAM_REFUSED'
  /** The session is not for that tool server. */
  | 'SERVER_UNKNOWN'
  /** The process that holds the session does not answer. */
  | 'HOLDER_UNAVAILABLE'
  | 'SOCKET_PATH_TOO_LONG'
  | 'PORT_UNAVAILABLE'
  | 'CLIENT_CONFIG_UNREADABLE'
  | 'CLIENT_CONFIG_INVALID'
  | 'CLIENT_CONFIG_CHANGED'
  | 'CLIENT_CONFIG_READ_ONLY'
  | 'BACKUP_MISSING'
