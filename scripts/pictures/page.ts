import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

export type Theme = 'light' | 'dark'

const COLORS: Record<Theme, Record<string, string>> = {
  light: {
    text: '#1f2328',
    back: '#ffffff',
    line: '#d1d9e0',
    even: '#f6f8fa',
    code: '#818b981f',
    link: '#0969da',
  },
  dark: {
    text: '#f0f6fc',
    back: '#0d1117',
    line: '#3d444d',
    even: '#151b23',
    code: '#656c7633',
    link: '#4493f8',
  },
}

/** A comment or a job summary as a page that looks as it does on GitHub. */
export function pageOf(markdown: string, theme: Theme): string {
  const body = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  })
  return `<!doctype html><meta charset="utf-8"><style>${styleOf(COLORS[theme])}</style><main>${body}</main>`
}

function styleOf({ text, back, line, even, code, link }: Record<string, string>): string {
  return `
    body { margin: 0; background: ${back}; color: ${text}; }
    main { padding: 24px; font: 16px/1.5 "Segoe UI", "Noto Sans", Helvetica, Arial, "Noto Color Emoji", sans-serif; }
    main > :first-child { margin-top: 0; } main > :last-child { margin-bottom: 0; }
    h3 { font-size: 1.25em; line-height: 1.25; margin: 24px 0 16px; }
    p, ul, table, details { margin: 0 0 16px; } ul { padding-left: 2em; } li + li { margin-top: .25em; }
    table { border-spacing: 0; border-collapse: collapse; display: block; width: max-content; max-width: 100%; }
    th, td { border: 1px solid ${line}; padding: 6px 13px; } th { font-weight: 600; }
    tr:nth-child(2n) td { background: ${even}; } [align=right] { text-align: right; } [align=left] { text-align: left; }
    code { font: 85% ui-monospace, "Liberation Mono", monospace; background: ${code}; padding: .2em .4em; border-radius: 6px; white-space: break-spaces; }
    a { color: ${link}; text-decoration: underline; text-underline-offset: .2rem; } sub { font-size: 75%; }`
}
