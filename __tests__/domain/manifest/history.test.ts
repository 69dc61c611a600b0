import { describe, expect, test } from 'vitest'

import { attributeLayers, cleanInstruction } from '../../../src/domain/manifest/history.ts'

describe('cleanInstruction', () => {
  test.each([
    ['/bin/sh -c #(nop) ADD file:1d2f in / ', 'ADD file:1d2f in /'],
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['RUN /bin/sh -c apt-get update # buildkit', 'RUN apt-get update'],
    ['COPY --link src /app # buildkit', 'COPY --link src /app'],
    ['/bin/sh -c apt-get   install\n -y curl', 'RUN apt-get install -y curl'],
    ['RUN |2 A=secret B=x y /bin/sh -c make # buildkit', 'RUN make'],
    ['|1 TOKEN=hunter2 /bin/sh -c make', 'RUN make'],
    ['cmd /S /C #(nop) COPY dir:ab in C: ', 'COPY dir:ab in C:'],
    ['cmd /S /C powershell -Command Get-Item', 'RUN powershell -Command Get-Item'],
    ['bazel build //app:image', 'bazel build //app:image'],
    ['ENTRYPOINT ["/bin/sh -c"]', 'ENTRYPOINT ["/bin/sh -c"]'],
    ['\u001b[31mRUN evil\u202E', '[31mRUN evil'],
  ])('%j becomes %j', (given, wanted) => {
    expect(cleanInstruction(given)).toBe(wanted)
  })

  test.each(['', '   ', '|1 SECRET=only-arguments'])('%j says nothing', (given) => {
    expect(cleanInstruction(given)).toBeNull()
  })

  test('a long instruction is cut', () => {
    const line = cleanInstruction(`RUN /bin/sh -c ${'x'.repeat(100_000)} # buildkit`)
    expect(line).toHaveLength(200)
    expect(line).toMatch(/^RUN x+…$/)
  })
})

describe('attributeLayers', () => {
  const made = (createdBy: string | null, emptyLayer = false) => ({ createdBy, emptyLayer })

  test('entries that made no layer are passed over', () => {
    const history = [made('ADD rootfs /'), made('ENV A=1', true), made('RUN make'), made('CMD ["x"]', true)]
    expect(attributeLayers(['a', 'b'], history)).toEqual(['ADD rootfs /', 'RUN make'])
  })

  test('an entry without text leaves its layer unnamed', () => {
    expect(attributeLayers(['a', 'b'], [made(null), made('RUN make')])).toEqual([null, 'RUN make'])
  })

  test.each([[[]], [[made('RUN one')]], [[made('a'), made('b'), made('c')]]])(
    'nothing is guessed when the counts differ',
    (history) => {
      expect(attributeLayers(['a', 'b'], history)).toEqual([null, null])
    },
  )
})
