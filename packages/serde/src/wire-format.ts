/** Confluent's wire format: a zero byte, the schema's id as a big-endian int32, then the Avro bytes. */
export const headerLength = 5

const magicByte = 0

export const writeHeader = (target: Buffer, schemaId: number): void => {
  target[0] = magicByte
  target.writeInt32BE(schemaId, 1)
}

/** The schema's id, or nothing where the bytes have another form. */
export const readHeader = (value: Buffer): number | undefined =>
  value.length < headerLength || value[0] !== magicByte ? undefined : value.readInt32BE(1)
