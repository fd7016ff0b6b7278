/** `123ms` below a second, `1.23s` below a minute, then `1m05s`. */
export function formatDuration(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1000) return `${String(whole)}ms`;
  if (whole < 59_995) return `${(whole / 1000).toFixed(2)}s`;
  const seconds = Math.round(whole / 1000);
  return `${String(Math.floor(seconds / 60))}m${String(seconds % 60).padStart(2, "0")}s`;
}
