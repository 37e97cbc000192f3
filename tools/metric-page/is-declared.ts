/** What a scrape adds to the name of a histogram. */
const histogramSuffix = /_(?:count|sum|bucket)$/

/** Whether a scrape shows series of this name. @param declared names of metrics, as a scrape has them */
export const isDeclared = (name: string, declared: ReadonlySet<string>): boolean =>
  declared.has(name) || declared.has(name.replace(histogramSuffix, ''))
