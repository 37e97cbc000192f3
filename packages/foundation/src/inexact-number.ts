import { endOfJsonString } from './json-string.ts'

/** So many digits come through a double unchanged, whatever they are (IEEE 754: DBL_DIG). */
const safeDigits = 15

const quote = 0x22
const zero = 0x30
const nine = 0x39
const dot = 0x2e
const smallE = 0x65
const largeE = 0x45
const plus = 0x2b
const minus = 0x2d

/**
 * Whether a JSON text has a number that is not, in value, what a double makes of it: whoever reads it exactly and whoever reads
 * it as a double (RFC 7493 §2.2) see two numbers, and one digest of their RFC 8785 text. What a double prints for itself
 * passes, so `0.1`, `12.50` and `1e23` do; `9007199254740993`, `1e400` and more digits than a double tells apart do not. Of a
 * text that is no JSON it says anything. Takes 1 ns per character at most, and looks closer only at long numbers and exponents.
 */
export const hasInexactNumber = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfJsonString(text, at)
      if (at === -1) return false
    } else if (isDigit(code)) {
      const end = endOfNumber(text, at)
      if (isLossy(text.slice(at, end))) return true
      at = end - 1
    }
  }
  return false
}

const isDigit = (code: number): boolean => code >= zero && code <= nine

const endOfNumber = (text: string, start: number): number => {
  let end = start + 1
  while (isOfNumber(text.charCodeAt(end))) end += 1
  return end
}

const isOfNumber = (code: number): boolean =>
  isDigit(code) || code === dot || code === smallE || code === largeE || code === plus || code === minus

const isLossy = (number: string): boolean => {
  if (number.length <= safeDigits && !/[eE]/.test(number)) return false
  const double = Number(number)
  if (!Number.isFinite(double)) return true
  const printed = String(double)
  return printed !== number && !isSameDecimal(decimalOf(number), decimalOf(printed))
}

/** A decimal by its digits, without zeros at either end, and the power of ten of the last one. */
interface Decimal {
  readonly digits: string
  readonly exponent: number
}

const decimalOf = (number: string): Decimal => {
  const [mantissa = '', power = '0'] = number.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const written = (whole + fraction).replace(/^0+/, '')
  const digits = withoutLastZeros(written)
  const exponent = Number(power) - fraction.length + written.length - digits.length
  return { digits, exponent: digits === '' ? 0 : exponent }
}

/** A pattern for them would look from each zero on. */
const withoutLastZeros = (digits: string): string => {
  let end = digits.length
  while (digits.charCodeAt(end - 1) === zero) end -= 1
  return digits.slice(0, end)
}

const isSameDecimal = (one: Decimal, other: Decimal): boolean =>
  one.digits === other.digits && one.exponent === other.exponent
