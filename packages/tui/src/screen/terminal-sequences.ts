/** Encoded text beyond this is refused by some terminals. */
export const CLIPBOARD_LIMIT = 100_000;

/**
 * What the terminal is asked once its first frame is out: its background, whether it speaks the kitty keyboard protocol, synchronized output,
 * grapheme clusters and changes of the colour scheme.
 */
export const MODE_QUERIES = "\u001b]11;?\u001b\\\u001b[?u\u001b[?2026$p\u001b[?2027$p\u001b[?2031$p";

export function titleSequence(title: string): string {
  return `\u001b]0;${withoutControls(title)}\u0007`;
}

/** OSC 9 and a bell; tmux hands on only what is wrapped for it, and only where the user allows that. */
export function notificationSequence(message: string, tmux: boolean): string {
  // A number and a semicolon at the start would make it a report of progress.
  const text = withoutControls(message).replace(/^(?=\d+;)/, " ");
  const sequence = `\u001b]9;${text}\u0007`;
  return `${tmux ? wrapForTmux(sequence) : sequence}\u0007`;
}

/** OSC 52. For tmux both as it is and wrapped: which one it takes depends on its settings. */
export function clipboardSequence(text: string, tmux: boolean): string {
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  return tmux ? sequence + wrapForTmux(sequence) : sequence;
}

function wrapForTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
}

function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]+/gu, " ");
}
