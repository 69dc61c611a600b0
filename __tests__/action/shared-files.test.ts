import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseInputs } from '../../src/action/inputs.ts'
import { lineOf } from '../support/refusal.ts'

const PRUNE = { mode: 'prune', image: 'ghcr.io/acme/api', tags: 'pr-*', 'older-than': '30d' }
const SIZE = { mode: 'size', image: 'ghcr.io/acme/api:v1' }

function parse(inputs: Record<string, string>) {
  return parseInputs((name) => inputs[name] ?? '', Object.keys(inputs))
}

test.each<[string, Record<string, string>, string]>([
  [
    'a plan over the undo file',
    { ...PRUNE, 'plan-file': 'o.json', 'undo-file': 'o.json' },
    'plan-file and undo-file',
  ],
  [
    'one path written in two ways',
    { ...PRUNE, 'plan-file': './x/../o.json', 'undo-file': resolve('o.json') },
    'plan-file and undo-file',
  ],
  [
    'an outcome over the reviewed plan',
    { ...PRUNE, 'apply-plan': 'plan.json', 'plan-file': 'plan.json' },
    'apply-plan and plan-file',
  ],
  ['certificates', { ...PRUNE, 'ca-file': 'ca.pem', 'undo-file': 'ca.pem' }, 'ca-file and undo-file'],
  ['two of size', { ...SIZE, 'report-file': 'a.json', 'badge-file': 'a.json' }, 'report-file and badge-file'],
  [
    'the image that is measured',
    { mode: 'size', image: 'oci-archive://image.tar', 'history-file': 'image.tar' },
    'image and history-file',
  ],
])('%s: no file is written that another input names', (_, inputs, both) => {
  expect(lineOf(() => parse(inputs))).toContain(`inputs ${both} name the same file: `)
})

test.each<[Record<string, string>]>([
  [{ ...PRUNE, 'plan-file': 'plan.json', 'undo-file': 'undo.jsonl', 'apply-plan': 'reviewed.json' }],
  [{ ...PRUNE, 'ca-file': 'same.pem', 'apply-plan': 'same.pem' }],
  [{ mode: 'size', image: 'oci-archive://a.tar:v1,oci-archive://a.tar:v2', 'report-file': 'report.json' }],
])('files of their own, and ones that are only read, are fine: %j', (inputs) => {
  expect(() => parse(inputs)).not.toThrow()
})
