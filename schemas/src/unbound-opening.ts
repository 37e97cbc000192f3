import type { SessionOpened } from './generated/records.ts'

/** What an opening says of who is behind a session where nobody exchanged a token for it: nothing. */
export const unboundOpening: Pick<
  SessionOpened,
  'deployer' | 'manifestHash' | 'holder' | 'humanSession' | 'parentSessionId' | 'transactionId'
> = {
  deployer: null,
  manifestHash: null,
  holder: null,
  humanSession: null,
  parentSessionId: null,
  transactionId: null,
}
