import { describe, expect, it } from 'vitest'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { undoReport } from '../../../src/domain/prune/undo-outcome.ts'
import type { RestoreStatus, UndoneRepository } from '../../../src/domain/prune/undo-outcome.ts'
import { undoAnnotations, undoHeadline, undoRemark } from '../../../src/report/undo/log.ts'
import { renderUndoSummary } from '../../../src/report/undo/summary.ts'
import { headOf, rowsOf } from '../drawing.ts'
import { NOW, RUN_URL, digestOf } from '../fixtures.ts'

function repository(name: string, tags: Readonly<Record<string, RestoreStatus>>, note = 'it is lost') {
  return {
    repository: name,
    tags: Object.entries(tags).map(([tag, status]) => ({
      tag: parseTag(tag, 'test'),
      digest: digestOf(tag),
      status,
      note: status === 'failed' || status === 'moved' ? note : null,
    })),
    manifests: [{ digest: digestOf('untagged'), isTagged: false, status: 'restored' as const, note: null }],
  } satisfies UndoneRepository
}

const draw = (...repositories: UndoneRepository[]): string =>
  renderUndoSummary(undoReport(repositories, false), { units: 'iec', now: NOW, runUrl: RUN_URL })

describe('the summary of an undo', () => {
  it('is the verdict and what is there again', () => {
    const summary = draw(repository('ghcr.io/acme/api', { 'pr-1': 'restored', 'pr-2': 'present' }))
    expect(summary).toMatch(/^### Undo: ✅ put back 2 of 3 names · 1 there already\n/)
    expect(summary).toContain('In `ghcr.io/acme/api`:\n\n| Tag')
    expect(headOf(summary)).toEqual(['Tag', 'Outcome', 'Digest'])
    expect(rowsOf(summary).map(([tag, outcome]) => [tag, outcome])).toEqual([
      ['`pr-1`', 'put\u00A0back'],
      ['`pr-2`', 'there\u00A0already'],
      ['*untagged*', 'put\u00A0back'],
    ])
    expect(summary).not.toContain('1024')
  })

  it('names first what was not put back and why, with digests cut', () => {
    const lost = `the registry no longer has sha256:${'ab'.repeat(32)}`
    const summary = draw(repository('ghcr.io/acme/api', { 'pr-1': 'restored', 'pr-2': 'failed' }, lost))
    expect(summary).toContain(
      '**Not put back:**\n\n- `ghcr.io/acme/api:pr-2`: the registry no longer has `sha256:abababa…`\n',
    )
    expect(summary.indexOf('Not put back')).toBeLessThan(summary.indexOf('`pr-1`'))
  })

  it('does not say twice what was not put back', () => {
    const refused = `putting back ghcr.io/acme/api@${digestOf('pr-2')}: not permitted (403)`
    const report = undoReport([repository('ghcr.io/acme/api', { 'pr-2': 'failed' }, refused)], false)
    expect(undoAnnotations(report)).toMatchObject([
      { message: 'ghcr.io/acme/api:pr-2 was not put back: not permitted (403)' },
    ])
    expect(renderUndoSummary(report, { units: 'iec', now: NOW })).toContain(
      '- `ghcr.io/acme/api:pr-2`: not permitted &#40;403&#41;\n',
    )
  })

  it('keeps apart tags that name something else by now', () => {
    const summary = draw(repository('ghcr.io/acme/api', { 'pr-2': 'moved' }, 'it names `x` by now'))
    expect(summary).toMatch(/^### Undo: ⚠️ /)
    expect(summary).toContain(
      '**Moved since the prune,** so these tags stay as they are:\n\n- `ghcr.io/acme/api:pr-2`: ',
    )
  })

  it('warns where the file has nothing of what image names, and says what it has', () => {
    const nothing = { kind: 'not-of-image', repositories: ['ghcr.io/acme/api'] } as const
    const report = undoReport([], false, nothing)
    expect(report.verdict).toBe('warn')
    const summary = renderUndoSummary(report, { units: 'iec', now: NOW })
    expect(summary).toMatch(
      /^### Undo: ⚠️ nothing put back · the undo file has nothing of what image names\n/,
    )
    expect(summary).toContain('input image: the undo file has nothing of it, but of `ghcr.io/acme/api`')
    expect(undoHeadline(report)).toBe('⚠️ nothing put back · the undo file has nothing of what image names')
  })

  it('says of a file without a deletion that there was none', () => {
    const report = undoReport([], false, { kind: 'no-deletion' })
    expect(report.verdict).toBe('pass')
    expect(undoHeadline(report)).toBe(
      '✅ nothing to put back · the undo file holds no deletion, that run deleted nothing',
    )
    expect(undoRemark(report)).toBeNull()
  })

  it('folds many names, and says a shared folder once', () => {
    const tags = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`pr-${i}`, 'restored' as const]))
    const summary = draw(repository('ghcr.io/acme/api', tags), repository('ghcr.io/acme/worker', {}))
    expect(summary).toContain('<summary>32 names as before</summary>')
    expect(rowsOf(summary)[0]?.[2]).toBe('`api`')
  })

  it('is bounded', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`pr-${i}-${'x'.repeat(100)}`, 'restored' as const]),
    )
    const summary = draw(repository('ghcr.io/acme/api', tags))
    expect(summary.length).toBeLessThan(512 * 1024)
    expect(summary).toContain('19001 more names, counted but not listed here.')
  })
})
