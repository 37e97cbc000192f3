import { randomFillSync } from 'node:crypto'

// Drawing randomness in blocks: a call into the kernel per id would dominate the cost of the id.
const pool = Buffer.alloc(4096)
let used = pool.length

/** A time-ordered UUID (RFC 9562 §5.7). @param nowMs milliseconds since the Unix epoch */
export const uuidV7 = (nowMs: number): string => {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const time = nowMs.toString(16).padStart(12, '0')
  const random = pool.toString('hex', used, used + 10)
  const variant = ((pool[used + 2]! & 0x3f) | 0x80).toString(16)
  used += 10
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(6, 8)}-${random.slice(8, 20)}`
}
