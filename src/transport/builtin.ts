/**
 * Node's HTTP and TLS, loaded when they are first needed: together they are a fifth of a start, and measuring
 * a local image, or an input that is refused, needs neither.
 */
export const builtin = {
  http: () => process.getBuiltinModule('node:http'),
  https: () => process.getBuiltinModule('node:https'),
  tls: () => process.getBuiltinModule('node:tls'),
}
