import { CordonError } from '@cordon/foundation'

export type SerdeErrorCode =
  /** The registry knows an older version that the schema is not compatible with. */
  | 'SCHEMA_INCOMPATIBLE'
  /** A record was to be written whose schema the registry does not have. */
  | 'SCHEMA_UNREGISTERED'
  /** The registry answered, and its answer was no: credentials, permissions, a URL that is no registry. */
  | 'REGISTRY_REFUSED'
  /** A value was to be written that its schema does not describe. */
  | 'VALUE_INVALID'

export class SerdeError extends CordonError<SerdeErrorCode> {}
