import { CordonError } from '@cordon/foundation'

export type InfraErrorCode =
  | 'BROKER_MISSING'
  | 'BROKER_UNREACHABLE'
  | 'REGISTRY_MISSING'
  | 'REGISTRY_UNREACHABLE'
  | 'ARTEFACT_UNKNOWN'
  | 'DOWNLOAD_FAILED'
  | 'CHECKSUM_MISMATCH'
  | 'PROCESS_NOT_STARTED'
  | 'PROCESS_EXITED'
  | 'PROCESS_NOT_READY'
  | 'GUARDIAN_LOST'
  | 'FOLDER_UNUSABLE'
  | 'PORT_UNUSABLE'

/** A local part could not be had, or did not stay; the message is meant for the person at the terminal. */
export class InfraError extends CordonError<InfraErrorCode> {}
