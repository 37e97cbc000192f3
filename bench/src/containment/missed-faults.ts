/** What is wrong with the figures of a run: a session that an engine never refused is in none of them, and worse than all. */
export const missedFaults = (missed: number, engines: number): readonly string[] =>
  missed === 0
    ? []
    : [
        `engines${engines}: expected every engine to refuse every session, got ${missed} missed; the percentiles leave them out`,
      ]
