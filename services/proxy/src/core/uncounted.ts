/** Tells an agent that the number of its proof is still free, and why its call was turned away. */
export const uncountedHeader = 'cordon-call-uncounted'

/** Why, where nobody asked the engine about the request; otherwise the engine's own reason stands there. */
export const notAsked = 'NOT_ASKED'
