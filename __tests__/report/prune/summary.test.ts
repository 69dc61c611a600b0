import { describe, expect, it } from 'vitest'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { pruneOutputs } from '../../../src/report/prune/outputs.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import type { Timestamp } from '../../../src/domain/quantities/timestamp.ts'
import {
  artifact,
  subjectTag,
  image,
  index,
  missing,
  policy,
  unknown,
  digestOf,
} from '../../domain/prune/repository-dsl.ts'
import { headOf, rowsOf } from '../drawing.ts'
import { tableShapes, textOf } from '../hostile.ts'
import { pruneExamples } from './examples.ts'
import { drawPrune, executed, multiArch, planned, pruneReport, service } from './fixtures.ts'

const drawExample = (name: keyof typeof pruneExamples): string => drawPrune(pruneExamples[name]!())
const headline = (summary: string): string => summary.split('\n', 1)[0]!

/** What the table that opens behind these words shows. */
function fold(summary: string, title: string): string[][] {
  const start = summary.indexOf(`<summary>${title}`)
  return start === -1 ? [] : rowsOf(summary.slice(start))
}

describe('the verdict', () => {
  it.each([
    ['nothing to do', 'Prune, dry run: ✅ nothing to delete · 40 tags kept'],
    ['nightly dry run', 'Prune, dry run: ✅ would delete 13 of 40 tags · frees 236.8 MiB'],
    [
      'shared digests and multi-arch',
      'Prune, dry run: ✅ would delete 3 and untag 1 of 8 tags and 7 untagged manifests · frees 53.1 MiB',
    ],
    [
      'unknown ages, untagged manifests',
      'Prune, dry run: ✅ would delete 13 of 42 tags and 2 untagged manifests · frees 273.2 MiB',
    ],
    ['500 tags', 'Prune: ✅ deleted 450 of 500 tags · frees 8.7 GiB'],
    [
      'failures and partial',
      'Prune: ❌ 1 tag failed · deleted 13 of 40 tags · 7 not reached · 1 skipped · frees 384.0 MiB',
    ],
    ['partial only', 'Prune: ⏳ partial · deleted 7 of 40 tags · 6 not reached · frees 97.9 MiB'],
    ['refused by a breaker', 'Prune: ❌ refused · 36 of 40 tags would go, none did'],
    [
      'dry run that would be refused',
      'Prune, dry run: ❌ would be refused · would delete 36 of 40 tags · frees 822.0 MiB',
    ],
    ['a repository that was not read', 'Prune: ❌ failed · nothing deleted'],
    ['a plan that no longer fits', 'Prune: ❌ refused · nothing deleted'],
    ['validation failed', 'Prune: ❌ 2 broken afterwards · deleted 13 of 40 tags · frees 236.8 MiB'],
    [
      'two repositories',
      'Prune, dry run: ✅ would delete 13 and untag 1 of 48 tags in 2 repositories · frees 236.8 MiB',
    ],
    [
      'nine repositories',
      'Prune: ❌ 1 of 9 refused · deleted 74 of 252 tags in 9 repositories · frees 1.2 GiB',
    ],
  ])('comes first for %s', (name, words) => {
    expect(textOf(headline(drawExample(name)))).toBe(`### ${words}`)
  })

  it('says so when there is nothing at all', () => {
    const empty = pruneReport([planned({}, policy({ tags: '*', keepLatest: 1 }))])
    expect(headline(drawPrune(empty))).toBe('### Prune, dry run: ✅ nothing to delete · 0 tags kept')
    expect(drawPrune(empty)).toContain('No tags of `ghcr.io/acme/api`.')
    expect(drawPrune(pruneReport([]))).toContain('✅ nothing to delete · 0 tags kept')
  })

  it('says that a repository failed although no tag did', () => {
    const outcome = executed({ tags: { a: 'A 9d' }, manifests: { A: image() } }, policy({ tags: 'a' }), {
      tagResult: () => undefined,
      changes: { state: 'failed', problems: ['deletes are off'] },
    })
    expect(headline(drawPrune(pruneReport([outcome])))).toBe(
      '### Prune: ❌ failed · nothing deleted of 1 tag · 1 not reached · frees 10 B',
    )
  })

  it('says where more is freed than can be told', () => {
    const old = image({ kind: 'schema1', blobs: { layer: null } })
    const outcome = planned({ tags: { a: 'A 9d' }, manifests: { A: old } }, policy({ tags: 'a' }))
    const summary = drawPrune(pruneReport([outcome, outcome]))
    expect(headline(summary)).toContain('frees more than 20 B')
    expect(rowsOf(summary)[0]?.[2]).toBe('&gt;10 B')
    expect(rowsOf(summary.slice(summary.indexOf('####')))[0]?.[5]).toBe('–')
  })
})

describe('what protects the rest', () => {
  it('is one line with a number for each reason', () => {
    expect(drawExample('nightly dry run')).toContain(
      '**27 of 40 tags of `ghcr.io/acme/api` stay:** 10 among the newest, 10 excluded, 7 too new.',
    )
  })

  it('counts what cannot go, and says when a plan was refused', () => {
    expect(drawExample('failures and partial')).toContain('stay:** 10 excluded, 8 too new, 1 that cannot go.')
    expect(drawExample('refused by a breaker')).toContain(' would stay:** 4 too new.')
  })

  it('counts one in the singular', () => {
    const content = { tags: { '1.0.0': 'A', x: 'B' }, manifests: { A: image(), B: image() } }
    const outcome = planned(content, policy({ tags: '*', keepVersions: '1 minor' }))
    expect(drawPrune(pruneReport([outcome]))).toContain('stays:** 1 newest release.')
  })

  it('says that no tag matches the input tags', () => {
    const kept = planned({ tags: { a: 'A 9d' }, manifests: { A: image() } }, policy({ tags: 'pr' }))
    expect(headline(drawPrune(pruneReport([kept], { nothingConsidered: true })))).toBe(
      '### Prune, dry run: ✅ nothing to delete · no tag matches the input tags · 1 tag kept',
    )
  })

  it('warns when nothing does', () => {
    const all = planned({ tags: { a: 'A 9d' }, manifests: { A: image() } }, policy({ tags: 'a' }))
    expect(drawPrune(pruneReport([all]))).toContain('None of 1 tag of `ghcr.io/acme/api` stays.')
  })
})

describe('the table', () => {
  const nightly = drawExample('nightly dry run')

  it('tells tag, decision and reason, then age and where it is from, exclusive bytes, size and digest', () => {
    expect(headOf(nightly)).toEqual([
      'Tag',
      'Decision',
      'Why',
      'Age (pushed)',
      'Frees on its own',
      'Size',
      'Digest',
    ])
    expect(rowsOf(nightly)[1]).toEqual([
      '`pr-413`',
      'delete',
      '`pr-*` older than 30 days',
      '33 days',
      '18.2 MiB',
      '146.3 MiB',
      '`28ac262…`',
    ])
  })

  it('has everything that goes, the newest first', () => {
    const ages = rowsOf(nightly).map(([, , , age = '']) => Number(/^\d+/.exec(age)?.[0]))
    expect(ages).toHaveLength(13)
    expect(ages).toEqual(ages.toSorted((a, b) => a - b))
  })

  it('says that an untagged digest stays, and whose it is', () => {
    const [row] = rowsOf(drawExample('shared digests and multi-arch'))
    expect(row).toEqual([
      '`nightly-20260401`',
      'untag',
      'digest shared with `v2.0.0`',
      '44 days',
      '0 B',
      '225.0 MiB',
      '`9609929…`',
    ])
  })

  it('says behind the reason what a dry run cannot know', () => {
    const report = pruneExamples['shared digests and multi-arch']!()
    const repositories = report.repositories.map((repository) => ({
      ...repository,
      tags: repository.tags.map((tag) =>
        tag.decision === 'untag' ? { ...tag, note: 'only if the registry can' } : tag,
      ),
    }))
    const [row] = rowsOf(drawPrune({ ...report, repositories }))
    expect(row?.[2]).toBe('digest shared with `v2.0.0`; only if the registry can')
  })

  it('has failures first with their cause, then what was not reached, then what is done, last what cannot go', () => {
    const rows = rowsOf(drawExample('failures and partial'))
    expect(rows.map(([, label]) => label).filter((label, i, all) => label !== all[i - 1])).toEqual([
      'failed',
      'not reached',
      'deleted',
      'already gone',
      'deleted',
      'skip',
    ])
    expect(rows[0]?.[2]).toBe(
      'DELETE answered 500 Internal Server Error after 4 tries; `pr-*` older than 14 days',
    )
    expect(textOf(rows.at(-1)?.[2] ?? '')).toContain('more than 5000 downloads cannot be deleted; ')
  })

  it('says once what is so of several tags, and in the row what is so of one', () => {
    const cannot = 'this registry cannot remove one tag of a shared digest'
    const content = {
      tags: { 'pr-1': 'A', 'pr-2': 'B', 'pr-3': 'C', main: 'D' },
      manifests: { A: image(), B: image(), C: image(), D: image() },
    }
    const outcome = executed(content, policy({ tags: 'pr-*' }))
    const ends = [cannot, cannot, 'DELETE answered 500']
    const tags = outcome.tags.filter(({ decision }) => decision === 'delete').slice(0, 3)
    const summary = drawPrune(
      pruneReport([
        {
          ...outcome,
          tags: tags.map((tag, place) =>
            Object.assign({}, tag, { decision: 'skip', status: 'retained', note: ends[place] }),
          ),
        },
      ]),
    )
    expect(summary).toContain(`\n\n**2 tags skipped:** ${cannot}\n\n`)
    expect(summary.split(cannot)).toHaveLength(2)
    const why = rowsOf(summary).map((row) => row[2])
    expect(new Set(why)).toEqual(new Set(['matches `pr-*`', 'DELETE answered 500; matches `pr-*`']))
  })

  it('never says deleted of what was refused', () => {
    const rows = rowsOf(drawExample('refused by a breaker'))
    expect(new Set(rows.map(([, label]) => label))).toEqual(new Set(['refused']))
  })

  it('have no column of ages where none is known and none was asked for', () => {
    const content = { tags: { 'pr-1': 'D1', main: 'D2' }, manifests: { D1: image(), D2: image() } }
    const summary = drawPrune(pruneReport([planned(content, policy({ tags: 'pr-*' }))]))
    expect(headOf(summary)).toEqual(['Tag', 'Decision', 'Why', 'Frees on its own', 'Size', 'Digest'])
    expect(summary).not.toContain('newest first')
  })

  it('names the source beside each age where there are several, and what is unknown', () => {
    const manifests = {
      A: image({ ages: [{ at: asTime('2026-01-01'), source: 'config' }] }),
      B: image(),
      C: image(),
    }
    const tags = { a: 'A', b: 'B 90d', c: 'C' }
    const summary = drawPrune(pruneReport([planned({ tags, manifests }, policy({ tags: '*' }))]))
    expect(headOf(summary)[3]).toBe('Age')
    expect(summary).toContain('Tags are listed newest first, after those without an age. ')
    expect(rowsOf(summary).map(([tag, , , age]) => [tag, age])).toEqual([
      ['`c`', '–'],
      ['`b`', '90 days (pushed)'],
      ['`a`', '165 days (config)'],
    ])
    const asked = planned({ tags, manifests }, policy({ tags: '*', olderThan: '100d' }))
    const rows = fold(drawPrune(pruneReport([asked])), '2 tags kept')
    expect(rows.map(([tag, , age]) => [tag, age])).toEqual([
      ['`c`', 'unknown'],
      ['`b`', '90 days'],
    ])
  })

  it('is open for 30 tags and folded beyond', () => {
    const summary = drawExample('500 tags')
    expect(rowsOf(summary)).toHaveLength(30)
    expect(fold(summary, '420 more tags')).toHaveLength(420)
  })

  it('has what is kept in a fold, with the rule that keeps it', () => {
    const kept = fold(nightly, '27 tags kept, and why')
    expect(kept).toHaveLength(27)
    expect(new Set(kept.map(([, why]) => why))).toEqual(
      new Set([
        'one of the newest, `keep-latest: 10`',
        'too new, `older-than: 30 days`',
        'by `exclude-tags: latest`',
        'by `exclude-tags: stable`',
        'by `exclude-tags: v*`',
      ]),
    )
  })
})

describe('a prune in which no tag of an image goes', () => {
  const aged = [{ at: asTime('2026-01-01'), source: 'pushed' as const }]

  it('says which tags of signatures go, and what goes with them', () => {
    const gone = subjectTag('gone', '.sig')
    const content = {
      tags: { v1: 'A 1d', [gone]: 'S 90d' },
      manifests: { A: image(), S: image(), gone: missing },
    }
    const outcome = planned(content, policy({ deleteOrphaned: true }))
    expect(headline(drawPrune(pruneReport([outcome])))).toMatch(/would delete 1 signature tag · frees \d+ B$/)
    const done = executed(content, policy({ deleteOrphaned: true }), { changes: { state: 'done' } })
    expect(drawPrune(pruneReport([done]))).not.toContain('nothing to delete')
  })

  it('says how many untagged manifests go, those below others included, or would if it was not refused', () => {
    const content = {
      tags: { v1: 'A 1d' },
      manifests: {
        A: image(),
        I: { ...index(['X', 'Y']), ages: aged },
        X: { ...image(), ages: aged },
        Y: { ...image(), ages: aged },
      },
    }
    const asked = policy({ deleteUntagged: true })
    const outcome = planned(content, asked)
    expect(headline(drawPrune(pruneReport([outcome])))).toContain('would delete 3 untagged manifests · ')
    expect(pruneOutputs(pruneReport([outcome]), 'iec')['deleted-manifests-count']).toBe('3')
    const refused = executed(content, policy({ deleteUntagged: true, maxDeletes: 0 }), {
      changes: { state: 'refused', refusals: [{ kind: 'max-deletes', message: 'too many' }] },
    })
    const unmoved = {
      ...refused,
      manifests: refused.manifests.map((each) =>
        Object.assign({}, each, each.decision === 'delete' ? { status: 'planned' } : {}),
      ),
    }
    expect(headline(drawPrune(pruneReport([unmoved])))).toContain('3 untagged manifests would go, none did')
    expect(pruneOutputs(pruneReport([unmoved]), 'iec')['deleted-manifests-count']).toBe('0')
  })

  it('counts a manifest that went after its tag was moved', () => {
    const content = { tags: { 'pr-1': 'A 90d', v1: 'B 1d' }, manifests: { A: image(), B: image() } }
    const outcome = executed(content, policy({ tags: 'pr-*' }), { changes: { state: 'done' } })
    const moved = {
      ...outcome,
      tags: outcome.tags.map((each) =>
        Object.assign({}, each, each.tag === 'pr-1' ? { decision: 'skip', status: 'retained' } : {}),
      ),
    }
    expect(pruneOutputs(pruneReport([outcome]), 'iec')['deleted-manifests-count']).toBe('0')
    expect(pruneOutputs(pruneReport([moved]), 'iec')['deleted-manifests-count']).toBe('1')
    expect(headline(drawPrune(pruneReport([moved])))).not.toContain('nothing to delete')
  })
})

describe('what has no tag of its own', () => {
  it('is folded: what goes by line, what stays by number', () => {
    const summary = drawExample('shared digests and multi-arch')
    const rows = fold(
      summary,
      '7 untagged manifests go with them: 5 platform images, 2 signatures or attestations',
    )
    expect(rows).toHaveLength(7)
    expect(rows[0]).toEqual(['`26bee70…`', 'delete', 'part of `75fd105…`', 'image'])
    expect(summary).toContain(
      '8 more untagged manifests stay: 6 platform images, 2 signatures or attestations.',
    )
  })

  it('names untagged and orphaned manifests and why they go', () => {
    const rows = fold(drawExample('unknown ages, untagged manifests'), '2 untagged manifests go')
    expect(rows.map(([, , why]) => why)).toEqual(
      Array.from({ length: 2 }, () => 'no tag names it, `delete-untagged: true`'),
    )
    const orphan = { ...artifact('gone'), ages: [{ at: asTime('2026-01-01'), source: 'pushed' as const }] }
    const content = { tags: { v1: 'A' }, manifests: { A: image(), orphan, gone: missing } }
    const outcome = planned(content, policy({ deleteOrphaned: true }))
    const summary = drawPrune(pruneReport([outcome]))
    expect(headline(summary)).toContain('would delete 1 untagged manifest')
    expect(fold(summary, '1 untagged manifest goes: 1 without its subject')[0]?.[2]).toMatch(
      /^without its subject, `[0-9a-f]{7}…`$/,
    )
  })

  it('keeps the tags of signatures out of the numbers and in a fold', () => {
    const content = {
      tags: { v1: 'A 90d', [subjectTag('A', '.sig')]: 'S 90d' },
      manifests: { A: image(), S: image() },
    }
    const summary = drawPrune(pruneReport([executed(content, policy({ tags: 'v1' }))]))
    expect(headline(summary)).toContain('deleted 1 of 1 tag and 1 signature tag ·')
    expect(rowsOf(summary)).toHaveLength(1)
    expect(fold(summary, '1 tag of signatures and the like')[0]?.[2]).toMatch(/^belongs to `[0-9a-f]{7}…`$/)
  })
})

describe('what a reader must know', () => {
  it('lists tags of unknown age', () => {
    const summary = drawExample('unknown ages, untagged manifests')
    expect(summary).toContain('**Of unknown age**, so they stay:\n\n- `pr-distroless`\n- `pr-buildpack`\n')
    expect(fold(summary, '29 tags kept')[0]?.[1]).toBe('age unknown, `age-source: auto`')
  })

  it('says in words why something cannot go', () => {
    const odd = unknown([], { ages: [] })
    const locked = { ...image(), locked: 'locked: deleteEnabled is false' }
    const content = { tags: { odd: 'O 90d', locked: 'L 90d' }, manifests: { O: odd, L: locked } }
    const summary = drawPrune(
      pruneReport([planned(content, policy({ tags: '*', olderThan: '1d', exclude: 'x' }))]),
    )
    expect(textOf(rowsOf(summary)[0]?.[2] ?? '').replaceAll('\u200B', '')).toBe(
      'cannot go, locked: deleteEnabled is false',
    )
    expect(textOf(fold(summary, '1 tag kept')[0]?.[1] ?? '')).toBe(
      'cannot go, unknown type application/vnd.future+json',
    )
  })

  it('says what several repositories share once', () => {
    const summary = drawExample('nine repositories')
    expect(textOf(summary)).toContain('- 8 repositories: exclude-tags:')
    expect(summary.match(/matches no tag/g)).toHaveLength(1)
  })

  it('says what is broken, what went wrong, why a plan was refused and what to do', () => {
    expect(drawExample('validation failed')).toMatch(
      /\*\*Broken afterwards:\*\* .* Push it again\.\n\n- v1\.6\.0 does not resolve any more\n- `sha256.*v1\.7\.0/,
    )
    expect(textOf(drawExample('failures and partial'))).toMatch(/Problems:\*\*\n\n- pr-412:/)
    expect(drawExample('failures and partial')).not.toContain('Stopped early')
    expect(drawExample('partial only')).toContain(
      '**Stopped early**; the next run goes on from there.\n\n- max-duration has passed\n',
    )
    expect(drawExample('partial only')).not.toContain('**Problems:**')
    const refused = textOf(drawExample('dry run that would be refused')).replaceAll('\u200B', '')
    expect(refused).toContain('**This plan would be refused**, and nothing deleted:')
    expect(refused).toContain('- 36 deletions are more than max-deletes: 20. If all of this may go, raise')
    expect(refused).not.toContain('dry-run: false')
  })

  it('says that there is no plan for a repository that could not be read, or whose plan no longer fits', () => {
    const failed = drawExample('a repository that was not read')
    expect(textOf(failed)).toContain('**Problems:**\n\n- listing the tags of `ghcr.io/acme/api` was refused')
    expect(failed).toContain('There is no plan for `ghcr.io/acme/api`, so nothing was deleted there.')
    expect(drawExample('a plan that no longer fits')).toContain(
      '**Refused**, so nothing was deleted:\n\n- since the plan was made, v1.2.0 was moved',
    )
  })

  it.each([
    ['incomplete-list', 'Run it again'],
    ['unreadable', 'could not be read'],
    ['deletes-disabled', 'REGISTRY_STORAGE_DELETE_ENABLED=true'],
    ['unknown-age', 'unknown-age: keep'],
    ['group-by', 'matches the whole tag'],
    ['max-deletes', 'raise `max-deletes`'],
    ['max-delete-percent', 'raise `max-delete-percent`'],
  ] as const)('says what to do about %s', (kind, advice) => {
    const outcome = executed({}, policy({ tags: 'a' }), {
      changes: { state: 'refused', refusals: [{ kind, message: 'no' }] },
    })
    expect(drawPrune(pruneReport([outcome]))).toMatch(new RegExp(`- no\\. .*${advice}`))
  })
})

describe('manifests without a tag', () => {
  it('are counted as what they are: an attestation in an index is no platform image', () => {
    const platforms = ['amd64', 'arm64']
    const manifests = Object.fromEntries(
      platforms.flatMap((name) => [
        [name, image()],
        [`attests ${name}`, image()],
      ]),
    )
    const whole = { ...index(Object.keys(manifests)), platforms: platforms.map((name) => digestOf(name)) }
    const content = { tags: { a: 'index 90d' }, manifests: { ...manifests, index: whole } }
    const outcome = planned(content, policy({ tags: 'a', minKeep: 0, maxDeletePercent: 100 }))
    const summary = drawPrune(pruneReport([outcome]))
    expect(summary).toContain(
      '<summary>4 untagged manifests go with them: 2 platform images, 2 signatures or attestations</summary>',
    )
    expect(summary.match(/\| attestation \|$/gm)).toHaveLength(2)
  })
})

describe('what comes next', () => {
  it('is the line that turns a dry run into a real one, where there is something to do', () => {
    expect(drawExample('nightly dry run')).toContain('set `dry-run: false`.')
    expect(drawExample('nothing to do')).not.toContain('dry-run: false')
    expect(drawExample('500 tags')).not.toContain('dry-run: false')
  })

  it('is garbage collection on a registry of one’s own, without the option that breaks multi-arch images', () => {
    const summary = drawExample("nightly, registry of one's own")
    expect(summary).toContain('**Deleting does not free space yet.**')
    expect(summary).toMatch(/^registry garbage-collect \/etc\/docker\/registry\/config\.yml/m)
    expect(summary).not.toMatch(/garbage-collect .*(?:-m\b|--delete-untagged)/)
    expect(summary).toContain('**Never with `--delete-untagged` (`-m`) on 2.x:**')
    expect(summary).toContain('Restart the registry afterwards')
    expect(drawExample('nightly dry run')).not.toContain('garbage-collect')
    expect(drawExample('refused by a breaker')).not.toContain('garbage-collect')
  })

  it.each([
    ['ghcr.io/acme/api', 'GitHub can restore a deleted version for 30 days'],
    ['quay.io/acme/api', 'until its time machine has run out'],
    ['europe-docker.pkg.dev/acme/api', 'until the registry collects its garbage.'],
    ['acme.azurecr.io/api', 'unless soft delete is on'],
    ['registry.gitlab.com/acme/api', 'gitlab-ctl registry-garbage-collect'],
    ['image-registry.openshift-image-registry.svc/acme/api', 'oc adm prune images'],
    ['docker.io/acme/api', 'up to Docker Hub'],
  ])('depends on the registry: %s', (name, words) => {
    const content = { tags: { a: 'A 9d' }, manifests: { A: service('a') } }
    expect(drawPrune(pruneReport([planned(content, policy({ tags: 'a' }), { name })]))).toContain(words)
  })

  it('believes whoever knows the registry better than its name tells', () => {
    const content = { tags: { a: 'A 9d' }, manifests: { A: service('a') } }
    const report = pruneReport([planned(content, policy({ tags: 'a' }), { name: 'hub.example.com/a' })])
    expect(drawPrune(report, { providerOf: () => 'harbor' })).toContain('Harbor frees it')
  })
})

describe('the way back', () => {
  const content = { tags: { a: 'A 9d' }, manifests: { A: service('a') } }
  const after = (names: readonly string[], undoFile?: string) =>
    drawPrune(
      pruneReport(names.map((name) => executed(content, policy({ tags: 'a' }), { name }))),
      undoFile === undefined ? {} : { undoFile },
    )

  it('is said in the open, and until when', () => {
    const step =
      'run `mode: undo` with `undo-file: undo.jsonl`. Keep the file where only trusted jobs can write.'
    expect(after(['ghcr.io/acme/a'], 'undo.jsonl')).toContain(
      `\n**To undo this prune**, for 30 days: ${step}\n`,
    )
    expect(after(['registry.example.com/a'], 'undo.jsonl')).toContain(
      `\n**To undo this prune**, until the registry collects its garbage: ${step}\n`,
    )
    expect(after(['ghcr.io/acme/a', 'registry.example.com/a'], 'undo.jsonl')).toContain(
      '**, for 30 days on GHCR, until the registry collects its garbage: ',
    )
  })

  it('is not promised where nothing was written, or where blobs go at once', () => {
    expect(after(['registry.example.com/a'])).toContain('**This run wrote no `undo-file`**')
    const report = pruneReport([executed(content, policy({ tags: 'a' }), { name: 'git.example.com/a' })])
    const summary = drawPrune(report, { undoFile: 'undo.jsonl', providerOf: () => 'gitea' })
    expect(summary).toContain('Nothing can be put back: this registry frees what is deleted at once.')
    expect(summary).not.toContain('To undo this prune')
  })

  it('is said to be missing in the open', () => {
    const open = (summary: string) => summary.slice(0, summary.indexOf('<summary>When space is freed'))
    expect(open(drawExample("nightly, registry of one's own"))).toContain(
      '\n**Without `undo-file`**, `mode: undo` cannot take this back.\n',
    )
    expect(open(after(['registry.example.com/a']))).toContain(
      '\n**This run wrote no `undo-file`**, so `mode: undo` cannot put anything back.\n',
    )
  })

  it('is offered before a real run with the name that was given, unless that is taken', () => {
    const report = pruneExamples['nightly dry run']!()
    const summary = drawPrune(report, { undoFile: 'back.jsonl' })
    expect(summary).toContain('\nWith `undo-file: back.jsonl` in the real run, `mode: undo` can put back ')
    expect(summary).not.toContain('undo.jsonl')
    expect(drawPrune(report, { undoFile: 'back.jsonl', isUndoFileTaken: true })).toContain(
      '\n**`back.jsonl` is not empty**, so the real run would refuse it: name a new file for each run.\n',
    )
  })

  it('is offered before a real run', () => {
    expect(drawExample('nightly dry run')).toContain('With `undo-file: undo.jsonl` in the real run')
    expect(drawExample('nothing to do')).not.toContain('undo')
  })

  it('leaves one fold for what only some need to read', () => {
    const summary = drawExample("nightly, registry of one's own")
    expect(summary.match(/<summary>/g)).toHaveLength(2)
    const after = summary.slice(summary.indexOf('<summary>When space is freed'))
    for (const words of ['Deleting does not free space yet', 'Frees on its own', 'mode: undo'])
      expect(after).toContain(words)
  })
})

describe('several repositories', () => {
  it('stand in a table of their own, each with its section', () => {
    const summary = drawExample('two repositories')
    expect(headOf(summary)).toEqual(['Repository', 'Delete', 'Untag', 'Frees', 'Kept'])
    expect(rowsOf(summary)).toEqual([
      ['`api`', '13', '0', '236.8 MiB', '27'],
      ['`worker`', '0', '1', '0 B', '7'],
    ])
    expect(summary).toContain('Repositories of `ghcr.io/acme/`:\n')
    expect(summary.match(/^#### .*$/gm)).toEqual(['#### `ghcr.io/acme/api`', '#### `ghcr.io/acme/worker`'])
  })

  it('are folded when they are many, what needs a look first, then what frees the most, and left out where nothing goes', () => {
    const folds = drawExample('nine repositories').match(/<summary><code>.*<\/summary>/g) ?? []
    expect(
      folds.map((line) => /service-\d.*(?=<)/.exec(textOf(line.replace('</summary>', '<')))?.[0]),
    ).toEqual([
      'service-5 · 8 of 12 tags would go, none did',
      'service-9 · deleted 31 of 50 tags',
      'service-8 · deleted 26 of 45 tags',
      'service-6 · deleted 16 of 35 tags',
      'service-3 · deleted 1 of 20 tags',
    ])
  })

  it('are named beside what went wrong', () => {
    expect(drawExample('nine repositories')).toMatch(
      /\*\*Refused\*\*, so nothing was deleted there:\n\n- `registry\.example\.com\/platform\/service-5`: 8 of 12/,
    )
  })
})

describe('sums', () => {
  const examples = Object.entries(pruneExamples).filter(([name]) => name !== 'hostile names')

  it.each(examples)('agree with the report: %s', (_, make) => {
    const report = make()
    const summary = drawPrune(report)
    for (const outcome of report.repositories) {
      if (report.repositories.length > 3) continue
      const { kept, skipped, ...others } = outcome.tally
      const going = Object.values(others).reduce((sum, count) => sum + count, skipped)
      const rows = allRows(sectionOf(summary, outcome.repository, report))
      expect(rows.filter(({ length }) => length === 7)).toHaveLength(going)
      expect(rows.filter(({ length }) => length === 6)).toHaveLength(kept)
    }
  })

  it('are those of the tags, not of the platform images', () => {
    const content = multiArch([
      ['v1', '90d'],
      ['v2', '1d'],
    ])
    const report = pruneReport([executed(content, policy({ tags: 'v*', olderThan: '30d' }))])
    expect(headline(drawPrune(report))).toContain('deleted 1 of 2 tags and 4 untagged manifests ·')
  })
})

it('writes decimal units when asked to', () => {
  const report = pruneReport([], { reclaimedBytes: asBytes(1_500_000) })
  expect(drawPrune(report, { units: 'si' })).toContain('frees 1.5 MB')
  expect(drawPrune(report, { units: 'si' })).toContain('MB = 1000² bytes')
})

function asTime(day: string): Timestamp {
  return asTimestamp(Date.parse(day))
}

/** The part of a summary about one repository. */
function sectionOf(summary: string, name: string, { repositories }: PruneReport): string {
  if (repositories.length === 1) return summary
  const start = summary.indexOf(`#### \`${name}\``)
  const end = summary.indexOf('\n#### ', start + 1)
  return summary.slice(start, end === -1 ? undefined : end)
}

/** Rows of all tables of tags: those of manifests and repositories have another number of columns. */
function allRows(section: string): string[][] {
  const lines = section.split('\n').filter((line) => /^\| (?!:|Decision|Tag)/.test(line))
  return lines
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(({ length }) => length >= 6)
}

it('has tables that all are whole', () => {
  for (const name of Object.keys(pruneExamples)) {
    for (const shape of tableShapes(drawExample(name))) expect(new Set(shape).size).toBe(1)
  }
})
