import { expect, it } from 'vitest'
import { placed } from '../../src/report/placed.ts'

const NAME = '127.0.0.1:5999/acme/api'

it.each([
  `tags of ${NAME}: nothing answers at 127.0.0.1:5999`,
  `manifest of ${NAME}:v1: not found`,
  `deletion of ${NAME}@sha256:0f1e: not permitted`,
])('a text that names its repository is not put behind that name: %s', (text) => {
  expect(placed(NAME, text)).toBe(text)
})

it.each([
  '7 tags not reached',
  'max-duration has passed',
  `tags of ${NAME}/worker: not found`,
  `pr-1 stays: it is part of ${NAME}`,
])('any other is: %s', (text) => {
  expect(placed(NAME, text)).toBe(`${NAME}: ${text}`)
})
