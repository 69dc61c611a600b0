import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseChallenges } from '../../src/credentials/challenge.ts'

type Plain = [scheme: string, parameters: Record<string, string> | string | null]

function plain(headers: readonly string[]): Plain[] {
  return parseChallenges(headers).map(({ scheme, token68, parameters }) => [
    scheme,
    token68 ?? (parameters.size === 0 ? null : Object.fromEntries(parameters)),
  ])
}

const HUB =
  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"'
const HUB_PARAMETERS = {
  realm: 'https://auth.docker.io/token',
  service: 'registry.docker.io',
  scope: 'repository:a/b:pull',
}

describe('parseChallenges', () => {
  it.each<[string, string[], Plain[]]>([
    ['nothing', [], []],
    ['an empty header', [''], []],
    ['blanks and commas', [' , ,'], []],
    ['Docker Hub', [HUB], [['bearer', HUB_PARAMETERS]]],
    [
      'lower-case scheme and upper-case names',
      ['bearer REALM="https://a/"'],
      [['bearer', { realm: 'https://a/' }]],
    ],
    [
      'two headers',
      [HUB, 'Basic realm="x"'],
      [
        ['bearer', HUB_PARAMETERS],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'two challenges in one line (Forgejo)',
      ['Bearer realm="https://c/v2/token",service="c",scope="*",Basic realm="https://c/v2",service="c"'],
      [
        ['bearer', { realm: 'https://c/v2/token', service: 'c', scope: '*' }],
        ['basic', { realm: 'https://c/v2', service: 'c' }],
      ],
    ],
    [
      'the same, Basic first',
      [`Basic realm="x", ${HUB}`],
      [
        ['basic', { realm: 'x' }],
        ['bearer', HUB_PARAMETERS],
      ],
    ],
    [
      'Negotiate first, bare',
      [`Negotiate, ${HUB}`],
      [
        ['negotiate', null],
        ['bearer', HUB_PARAMETERS],
      ],
    ],
    [
      'Negotiate with token68',
      ['Negotiate abc==, Basic realm=x'],
      [
        ['negotiate', 'abc=='],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['token68 without padding, last', ['NTLM TlRM/+.~-_'], [['ntlm', 'TlRM/+.~-_']]],
    [
      'two bare schemes',
      ['Negotiate, NTLM'],
      [
        ['negotiate', null],
        ['ntlm', null],
      ],
    ],
    [
      'escapes in quotes',
      ['Basic realm="say \\"hi\\" \\\\ there"'],
      [['basic', { realm: 'say "hi" \\ there' }]],
    ],
    [
      'commas and blanks in quotes',
      ['Bearer realm="r",scope="repository:a/b:pull,push repository:c/d:pull"'],
      [['bearer', { realm: 'r', scope: 'repository:a/b:pull,push repository:c/d:pull' }]],
    ],
    [
      'blanks around = and ,',
      ['Bearer  realm = "r" ,\tservice\t=\ts'],
      [['bearer', { realm: 'r', service: 's' }]],
    ],
    ['no commas at all', ['Bearer realm="r" service="s"'], [['bearer', { realm: 'r', service: 's' }]]],
    [
      'bare values with URL characters',
      ['Bearer realm=https://h:5000/~t+x?a=b,service=h:5000'],
      [['bearer', { realm: 'https://h:5000/~t+x?a=b', service: 'h:5000' }]],
    ],
    [
      'no service (OpenShift)',
      ['Bearer realm="https://h/openshift/token"'],
      [['bearer', { realm: 'https://h/openshift/token' }]],
    ],
    [
      'Basic with a URL as realm (ECR)',
      ['Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"'],
      [['basic', { realm: 'https://1.dkr.ecr.eu-west-1.amazonaws.com/', service: 'ecr.amazonaws.com' }]],
    ],
    ['the first of a repeated name', ['Bearer realm="a",realm="b"'], [['bearer', { realm: 'a' }]]],
    [
      'an unknown scheme with parameters',
      ['DPoP algs="ES256", Basic realm=x'],
      [
        ['dpop', { algs: 'ES256' }],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['a quoted string that never ends', ['Bearer realm="https://h'], [['bearer', { realm: 'https://h' }]]],
    ['a backslash at the end', ['Bearer realm="h\\'], [['bearer', { realm: 'h' }]]],
    ['parameters without a scheme', ['realm="x", Basic realm=y'], [['basic', { realm: 'y' }]]],
    ['stray signs', ['= "loose" ,=, Basic realm=y'], [['basic', { realm: 'y' }]]],
    ['an empty value', ['Bearer realm="",service=""'], [['bearer', { realm: '', service: '' }]]],
    [
      'parameters named like object members',
      ['Bearer __proto__="x"'],
      [['bearer', JSON.parse('{"__proto__":"x"}')]],
    ],
  ])('%s', (_, headers, expected) => {
    expect(plain(headers)).toEqual(expected)
  })

  it('ignores what exceeds 16 KiB in sum', () => {
    const long = `Bearer realm="${'x'.repeat(16 * 1024)}"`
    expect(plain([long])).toEqual([])
    expect(plain(['Basic realm=x', long])).toEqual([['basic', { realm: 'x' }]])
  })

  it('never throws, and gives names in lower case', () => {
    const unit = fc.constantFrom(
      'a',
      'B',
      ' ',
      '\t',
      ',',
      '=',
      '"',
      '\\',
      'Bearer ',
      'realm=',
      '\u0000',
      '💥',
      '/',
    )
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 400 }), { maxLength: 4 }), (headers) => {
        for (const { scheme, parameters } of parseChallenges(headers)) {
          expect(scheme).toBe(scheme.toLowerCase())
          for (const name of parameters.keys()) expect(name).toBe(name.toLowerCase())
        }
      }),
    )
  })

  it('reads back what RFC 9110 writes', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    const parameters = fc.dictionary(name, fc.string({ maxLength: 30 }), { minKeys: 1, maxKeys: 4 })
    fc.assert(
      fc.property(fc.array(fc.tuple(name, parameters), { maxLength: 4 }), (challenges) => {
        const quote = (value: string) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
        const header = challenges
          .map(
            ([scheme, values]) =>
              `${scheme} ${Object.entries(values)
                .map(([key, value]) => `${key}=${quote(value)}`)
                .join(', ')}`,
          )
          .join(', ')
        expect(
          parseChallenges([header]).map(({ scheme, parameters }) => [scheme, new Map(parameters)]),
        ).toEqual(challenges.map(([scheme, values]) => [scheme, new Map(Object.entries(values))]))
      }),
    )
  })

  it.each(['a ', 'a=', '"', '\\', ',', ' ', 'a,', 'a="', 'a =', 'Bearer a=b ', '= '])(
    'takes no more than a few passes over junk of %j',
    (junk) => {
      // a quadratic reader would need 2^28 steps, which is seconds of CPU; a linear one needs a few
      // milliseconds
      const header = junk.repeat(Math.floor((16 * 1024) / junk.length))
      const started = process.cpuUsage().user
      parseChallenges([header])
      expect(process.cpuUsage(undefined).user - started).toBeLessThan(500_000)
    },
  )
})
