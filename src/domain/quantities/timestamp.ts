/** Milliseconds since 1970-01-01T00:00Z. "Now" is always a parameter of the rules, never read by them. */
export type Timestamp = number & { readonly __brand: 'Timestamp' }
