import { describe, expect, it } from 'vitest'
import { commentSituation } from '../../../src/report/comment/situation.ts'
import { growthExamples } from '../growth-examples.ts'

describe('the situation of a report', () => {
  it.each([
    ['one image grown', false, true, true],
    ['one image over max-increase', true, true, true],
    ['unchanged', false, false, true],
    ['no baseline yet', false, true, false],
    ['baseline not read', false, false, false],
    ['baseline not read, growth not judged', true, false, false],
    ['platform added and removed', false, true, true],
    ['platform removed', false, true, true],
    ['estimated, tolerated', true, true, true],
  ])('%s: exceeded %s, changed %s, with a baseline %s', (name, exceeded, changed, hasBaseline) => {
    expect(commentSituation(growthExamples[name]!())).toEqual({ exceeded, changed, hasBaseline })
  })
})
