// Control characters, both directions of text, what takes no place at all, and what is no character: any of these in
// the name of a tool or a file would let whoever chose it draw on the terminal, or hide.
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** One line of text that others chose (names in records and files), safe to print: what could draw shows as `�`. */
export const printable = (text: string): string => text.replace(unprintable, '\uFFFD')

/** The same for text of several lines, such as a message that quotes a log. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')
