/** What whoever reads that nothing listens at an address can do: most often nobody has started the stack. */
export const startOrCorrect = (setting: 'provider' | 'identity' | 'proxy'): string =>
  `start the stack that the profile names ("cordon up"), or correct "${setting}" in the profile`
