/**
 * The highest number that a call's proof may have (`proofSequence` of a record, `seq` of the proof): far more calls than a session makes. The
 * scorer keeps such numbers, and the one after, in 32 bits with a value to spare; a greater one would be in no gap that it sees, and Avro
 * does not take every safe integer.
 */
export const maxProofSequence: number = 2 ** 32 - 3
