import type { ForwardedHeaders } from './upstream.ts'

/** Of the headers that may be forwarded those of a trace (W3C Trace Context): what else a request has is written anew. */
export const tracingOf = ({ traceparent, tracestate }: ForwardedHeaders): ForwardedHeaders => ({
  ...(traceparent !== undefined && { traceparent }),
  ...(tracestate !== undefined && { tracestate }),
})
