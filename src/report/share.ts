/**
 * A part of a whole in percent, `93 %`, `4.2 %`. Rounding never crosses a border that matters: what is over 100 % is
 * never written as 100 %, nor what is under it; a small part is never written as nothing.
 */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–'
  const percent = (part / whole) * 100
  if (part === 0) return '0 %'
  if (percent < 0.1) return '<0.1 %'
  if (part < whole && percent > 99.5) return percent >= 99.95 ? '>99.9 %' : `${percent.toFixed(1)} %`
  if (part > whole && percent < 100.5) return percent < 100.05 ? '>100 %' : `${percent.toFixed(1)} %`
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`
}
