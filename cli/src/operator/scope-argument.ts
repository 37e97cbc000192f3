/** The scope that is meant on a command line: `everything` by itself, since shells take a `*` that is not quoted for names of files. */
export const scopeArgument = (text: string): string => (text === 'everything' ? 'everything:*' : text)
