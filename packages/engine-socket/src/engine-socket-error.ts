import { CordonError } from '@cordon/foundation'

export type EngineSocketErrorCode =
  'FRAME_TOO_LARGE' | 'FRAME_MALFORMED' | 'MESSAGE_INVALID' | 'SOCKET_IN_USE' | 'SOCKET_PATH_INVALID'

export class EngineSocketError extends CordonError<EngineSocketErrorCode> {}
