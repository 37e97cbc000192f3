/** The words of an argument's name, in lower case: snake, kebab, camel case. */
export const wordsOfName = (name: string): readonly string[] =>
  name
    .slice(0, 128)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)

const commandNames = new Set(['bash', 'cmd', 'command', 'commands', 'script', 'shell'])
const codeNames = new Set(['code', 'javascript', 'js', 'python'])
const actionNames = new Set(['action', 'cmd', 'command', 'method', 'op', 'operation'])

/** Whether an argument of that name can be a program or a command line. */
export const namesCode = (name: string): boolean => {
  const last = wordsOfName(name).at(-1) ?? ''
  return commandNames.has(last) || codeNames.has(last)
}

/** Whether it says which of several things the tool is to do; `payment_method` does not. */
export const namesAction = (name: string): boolean => actionNames.has(name.toLowerCase())

/** Whether a text under such a name has the form of a program: a word alone is none, nor is the code of a country. */
export const isCode = (name: string, text: string): boolean =>
  commandNames.has(wordsOfName(name).at(-1) ?? '')
    ? /[\s;|&<>$(){}=`/\\.]/.test(text.trim())
    : /[\n;=(){}]/.test(text)
