import type { JsonField } from './json-field.ts'

const bytesPerKey = 4

/** Signed 32-bit keys as base64 of their little-endian bytes: half of what digits take. */
export const encodeKeys = (keys: readonly number[]): string => {
  const bytes = new DataView(new ArrayBuffer(keys.length * bytesPerKey))
  for (const [position, key] of keys.entries()) bytes.setInt32(position * bytesPerKey, key, true)
  let binary = ''
  for (let at = 0; at < bytes.byteLength; at += 1) binary += String.fromCharCode(bytes.getUint8(at))
  return btoa(binary)
}

/** @throws RiskError `BASELINES_MALFORMED` */
export const parseKeys = (field: JsonField): readonly number[] => {
  const text = field.text()
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw field.problem('base64')
  const binary = atob(text)
  if (binary.length % bytesPerKey !== 0) throw field.problem('keys of 4 bytes each')
  const bytes = new DataView(Uint8Array.from(binary, character => character.charCodeAt(0)).buffer)
  return Array.from({ length: binary.length / bytesPerKey }, (_, position) =>
    bytes.getInt32(position * bytesPerKey, true),
  )
}
