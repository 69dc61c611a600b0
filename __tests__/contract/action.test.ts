import { describe, expect, it } from 'vitest'
import { parseAction } from '../../scripts/readme-tables.ts'
import { INPUTS, MODES } from '../../src/action/input-catalog.ts'
import { textOf } from './checkout.ts'

const action = parseAction(textOf('action.yml'))

/** The modes that a description starts with; none means all. */
function modesOf(description: string): readonly string[] {
  const prefix = /^((?:size|prune|list|report|undo)(?:, (?:size|prune|list|report|undo))*): /.exec(
    description,
  )?.[1]
  return prefix?.split(', ') ?? MODES
}

const outputs = {
  all: 'result json',
  size: `size size-human total-size unique-size layers digest baseline baseline-size size-diff size-diff-percent
    pull-size wasted-bytes exceeded comment-url`,
  prune: `dry-run deleted-count untagged-count kept-count skipped-count failed-count deleted-tags
    deleted-manifests-count reclaimed-bytes reclaimed-human partial`,
  list: 'available repositories tags matrix',
  undo: 'restored-count unrestored-count',
}

describe('action.yml', () => {
  it('runs the committed bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
  })

  it('declares exactly the inputs that the code knows', () => {
    expect(Object.keys(action.inputs).toSorted()).toEqual(Object.keys(INPUTS).toSorted())
  })

  it.each(Object.entries(INPUTS))('input %s has the default and the modes of the code', (name, spec) => {
    const declared = action.inputs[name]
    expect(declared?.default).toBe(spec.default)
    expect(modesOf(declared?.description ?? '')).toEqual(spec.modes)
  })

  it.each(Object.entries(outputs))('declares exactly the outputs of %s', (mode, names) => {
    const modes = mode === 'all' ? MODES : [mode]
    const declared = Object.entries(action.outputs).filter(
      ([, { description }]) => modesOf(description).join() === modes.join(),
    )
    expect(declared.map(([name]) => name)).toEqual(names.split(/\s+/))
  })

  it('declares no other output', () => {
    expect(Object.keys(action.outputs)).toHaveLength(Object.values(outputs).join(' ').split(/\s+/).length)
  })

  it('describes every input and output in one sentence', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/^[^\n]+\.$/)
      expect(description).not.toMatch(/\. [A-Z]/)
    }
  })
})
