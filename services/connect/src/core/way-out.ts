/** What whoever reads that nothing listens at an address can do: most often nobody has started the stack. */
export const startOrCorrect = (setting: 'provider' | 'identity' | 'proxy'): string =>
  `start the stack that the profile names ("cordon up"), or correct "${setting}" in the profile`

/** Where identity knows nothing of what a log-in shows: a stack has keys of its own, and another one may have taken its port. */
export const perhapsAnotherStack: string =
  'is another stack running at this address? --profile takes the profile of that one'

/** Where the claims of a human mean nothing: they are the same after every log-in, until somebody changes them. */
export const askForGroup: string =
  'signing in again does not help; whoever runs Cordon gives a group ("cordon human add --group"), and after that "cordon connect --log-in" does'
