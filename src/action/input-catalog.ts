/** The five things the action does. */
export const MODES = ['size', 'prune', 'list', 'report', 'undo'] as const
export type Mode = (typeof MODES)[number]

interface InputSpec {
  readonly modes: readonly Mode[]
  /** as `action.yml` declares it; an input left at its default counts as not given */
  readonly default: string
}

const all = (value = ''): InputSpec => ({ modes: MODES, default: value })
const size = (value = ''): InputSpec => ({ modes: ['size'], default: value })
const prune = (value = ''): InputSpec => ({ modes: ['prune'], default: value })
const some = (modes: readonly Mode[], value = ''): InputSpec => ({ modes, default: value })

/** Every input, the modes that take it, and its default. A contract test compares it with `action.yml`. */
export const INPUTS = {
  mode: all('size'),
  image: some(['size', 'prune', 'list', 'undo']),
  registry: all('docker.io'),
  username: all(),
  password: all(),
  'github-token': all('${{ github.token }}'),
  provider: all('auto'),
  'provider-api-url': all(),
  'ca-file': all(),
  insecure: all('false'),
  concurrency: all('auto'),
  'max-duration': all(),
  'cache-dir': all(),
  summary: all('true'),
  units: all('iec'),

  tags: some(['size', 'prune', 'list']),
  'exclude-tags': some(['size', 'prune', 'list']),
  platforms: size('all'),
  'max-size': size(),
  'max-layers': size(),
  'max-layer-size': size(),
  'warn-size': size(),
  'warn-increase': size(),
  baseline: size(),
  'max-increase': size(),
  'base-image': size(),
  'ignore-base': size('false'),
  'on-exceed': size('fail'),
  'override-label': size(),
  comment: some(['size', 'report'], 'on-change'),
  'comment-key': some(['size', 'report'], 'default'),
  'minimum-change-threshold': size('1KiB'),
  'report-file': some(['size', 'report']),
  explain: size('layers'),
  'explain-budget': size('256MiB'),
  'history-file': size(),
  'badge-file': size(),
  'max-wasted': size(),
  'warn-wasted': size(),

  'keep-latest': prune(),
  'keep-group-by': prune(),
  'keep-semver': prune(),
  'older-than': prune(),
  'age-source': prune('auto'),
  'unknown-age': prune('keep'),
  'delete-untagged': prune('false'),
  'untagged-grace': prune('24h'),
  'delete-orphaned': prune('false'),
  'delete-broken': prune('false'),
  'protect-digests': prune(),
  'protect-files': prune(),
  'protect-refs': prune(),
  'shared-digest': prune('untag'),
  'min-keep': prune('1'),
  'max-deletes': prune(),
  'max-delete-percent': prune('50'),
  'dry-run': prune('true'),
  validate: prune('true'),
  'garbage-collect': prune('false'),
  'plan-file': prune(),
  'apply-plan': prune(),
  'undo-file': some(['prune', 'undo']),

  shards: some(['list'], '1'),
} as const satisfies Record<string, InputSpec>

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES: readonly InputName[] = Object.keys(INPUTS).filter(isInputName)

function isInputName(name: string): name is InputName {
  return Object.hasOwn(INPUTS, name)
}
