const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;

/** The sign of something that runs, at a step of the animation. */
export function spinner(tick: number): string {
  return SPINNER[tick % SPINNER.length] ?? SPINNER[0];
}
