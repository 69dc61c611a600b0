/** A count of bytes: a safe integer, zero or more (differences are plain numbers). */
export type Bytes = number & { readonly __brand: 'Bytes' }

/** How sizes are written for people: `iec` = KiB, MiB (2ⁿ), `si` = kB, MB (10ⁿ). */
export type Units = 'iec' | 'si'
