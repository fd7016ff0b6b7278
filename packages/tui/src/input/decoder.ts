import { controlSequenceEvent, parseControlSequence, stringReply } from "./control-sequence.ts";
import type { DecodedEvent, KeyEvent } from "./event.ts";
import { LETTER_KEYS, namedKey, NO_MODIFIERS, plainKey } from "./key-names.ts";

/** An escape that nothing follows for so long, ms, is the key. */
const ESCAPE_TIMEOUT = 25;
/** The begin of a sequence that cannot be a key waits so long for its end, ms, and is dropped then. */
const SEQUENCE_TIMEOUT = 500;
/** A paste whose end does not come for so long, ms, is taken as it is. */
const PASTE_TIMEOUT = 3000;
const PASTE_END = "\u001b[201~";
/** More characters than this within this many ms, with a line end, were not typed. */
const BURST_CHARACTERS = 8;
const BURST_GAP = 8;
/** A string longer than this is no answer of a terminal. */
const STRING_LIMIT = 65_536;

/** What stands at a place of the input. "incomplete": more has to come; "none": nothing that means something. */
type Token = { readonly end: number; readonly event: DecodedEvent | undefined } | "incomplete";

/**
 * Turns what a terminal sends into events, however it is cut into pieces. Keeps what is incomplete: when nothing comes for
 * `waitsFor` ms, `expire` decides.
 */
export class Decoder {
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  #pending = "";
  #paste: string[] | undefined;
  /** Characters that came in quick succession, and when the last did. */
  #burst = 0;
  #burstAt = -Infinity;
  /** The terminal sends the escape key as a sequence: a lone escape only ever begins one. */
  escapeIsSequence = false;

  /** How long, ms, to wait for more before `expire`; undefined when nothing is incomplete. */
  get waitsFor(): number | undefined {
    if (this.#paste !== undefined) return PASTE_TIMEOUT;
    if (this.#pending === "") return undefined;
    return !this.escapeIsSequence && isAmbiguous(this.#pending) ? ESCAPE_TIMEOUT : SEQUENCE_TIMEOUT;
  }

  /** @param now when the bytes came, ms on any clock */
  decode(bytes: Uint8Array, now: number): DecodedEvent[] {
    if (now - this.#burstAt > BURST_GAP) this.#burst = 0;
    this.#burstAt = now;
    const input = this.#pending + this.#text.decode(bytes, { stream: true });
    this.#pending = "";
    return this.#run(input, false);
  }

  /** Nothing came for long enough: what is incomplete is what it looks like. */
  expire(): DecodedEvent[] {
    const input = this.#pending;
    this.#pending = "";
    if (this.#paste === undefined) return this.#run(input, true);
    const text = this.#paste.join("") + input;
    this.#paste = undefined;
    return [pasteOf(text)];
  }

  #run(input: string, final: boolean): DecodedEvent[] {
    const events: DecodedEvent[] = [];
    let index = 0;
    while (index < input.length) {
      if (this.#paste !== undefined) {
        index = this.#readPaste(input, index, events);
        continue;
      }
      if (input[index] !== "\u001b") {
        index = this.#readText(input, index, events);
        continue;
      }
      const token = final ? keysOf(input, index) : escapeToken(input, index);
      if (token === "incomplete") {
        this.#pending = input.slice(index);
        return events;
      }
      if (input.startsWith("\u001b[200~", index)) this.#paste = [];
      else if (token.event !== undefined) events.push(token.event);
      index = token.end;
    }
    return events;
  }

  /** Reads up to the next escape. Returns where it stopped. */
  #readText(input: string, start: number, events: DecodedEvent[]): number {
    const escape = input.indexOf("\u001b", start);
    const end = escape === -1 ? input.length : escape;
    const run = input.slice(start, end);
    const characters = this.#burst + run.length;
    const typed = /^[^\0-\x08\x0b\x0c\x0e-\x1f\x7f]+$/.test(run);
    if (typed && characters > BURST_CHARACTERS && /[\r\n]/.test(run)) events.push(pasteOf(run));
    else for (const character of run) events.push(plainKey(character, false));
    this.#burst = typed ? characters : 0;
    return end;
  }

  #readPaste(input: string, start: number, events: DecodedEvent[]): number {
    const end = input.indexOf(PASTE_END, start);
    if (end !== -1) {
      events.push(pasteOf((this.#paste ?? []).join("") + input.slice(start, end)));
      this.#paste = undefined;
      return end + PASTE_END.length;
    }
    const kept = partOfEnd(input, start);
    this.#paste?.push(input.slice(start, input.length - kept));
    this.#pending = input.slice(input.length - kept);
    return input.length;
  }
}

function pasteOf(text: string): DecodedEvent {
  return { kind: "paste", text: text.replace(/\r\n?/g, "\n") };
}

/** How many characters at the end of the input may be the begin of the paste's end. */
function partOfEnd(input: string, start: number): number {
  for (let length = Math.min(PASTE_END.length - 1, input.length - start); length > 0; length--) {
    if (PASTE_END.startsWith(input.slice(input.length - length))) return length;
  }
  return 0;
}

/** What begins with the escape at `start`. */
function escapeToken(input: string, start: number): Token {
  const doubled = input[start + 1] === "\u001b" && (input[start + 2] === "[" || input[start + 2] === "O");
  const begin = doubled ? start + 1 : start;
  const introducer = input[begin + 1];
  switch (introducer) {
    case undefined:
      return "incomplete";
    case "[":
      return csiToken(input, begin, doubled);
    case "O":
      return ss3Token(input, begin, doubled);
    case "]":
    case "P":
    case "_":
    case "^":
    case "X":
      return stringToken(input, begin);
    case "\u001b":
      // Two escapes: with a third character to come the second may begin a sequence.
      return input.length === start + 2 ? "incomplete" : { end: start + 1, event: namedKey("escape") };
    default: {
      const character = String.fromCodePoint(input.codePointAt(begin + 1) ?? 0);
      return { end: begin + 1 + character.length, event: plainKey(character, true) };
    }
  }
}

function csiToken(input: string, begin: number, alt: boolean): Token {
  // The Linux console's function keys: CSI [ A to E.
  if (input[begin + 2] === "[") {
    const letter = input.charCodeAt(begin + 3);
    if (Number.isNaN(letter)) return "incomplete";
    const number = letter - 64;
    return { end: begin + 4, event: number >= 1 && number <= 5 ? namedKey(`f${number}`, { ...NO_MODIFIERS, alt }) : undefined };
  }
  let end = begin + 2;
  while (end < input.length && /[ -?]/.test(input.charAt(end))) end += 1;
  if (end >= input.length) return end - begin > STRING_LIMIT ? { end, event: undefined } : "incomplete";
  // A control character or worse ends a sequence that was not one.
  if (!/[@-~]/.test(input.charAt(end))) return { end, event: undefined };
  const sequence = parseControlSequence(input.slice(begin, end + 1));
  // The oldest mouse protocol: three bytes follow, which are no text.
  if (sequence.final === "M" && sequence.prefix === "" && sequence.parameters.length === 0) {
    return input.length < end + 4 ? "incomplete" : { end: end + 4, event: undefined };
  }
  return { end: end + 1, event: controlSequenceEvent(sequence, alt) };
}

function ss3Token(input: string, begin: number, alt: boolean): Token {
  const final = input[begin + 2];
  if (final === undefined) return "incomplete";
  const name = final === "M" ? "enter" : LETTER_KEYS[final];
  if (name === undefined) return { end: begin + 2, event: plainKey("O", true) };
  return { end: begin + 3, event: namedKey(name, { ...NO_MODIFIERS, alt }) };
}

function stringToken(input: string, begin: number): Token {
  const rest = input.slice(begin + 2, begin + 2 + STRING_LIMIT);
  const end = rest.search(/\u0007|\u001b\\|[\u0018\u001a]/);
  if (end === -1) return rest.length < STRING_LIMIT ? "incomplete" : { end: begin + 2 + rest.length, event: undefined };
  const length = rest[end] === "\u001b" ? 2 : 1;
  const text = input.slice(begin, begin + 2 + end + length);
  return { end: begin + text.length, event: { kind: "reply", reply: stringReply(text) } };
}

/** Begins that are keys when nothing follows: escape itself, or alt with a key that also introduces sequences. */
function isAmbiguous(pending: string): boolean {
  return pending.length <= 2;
}

/** The keys that an incomplete begin stands for; a longer one was a sequence, and is nothing. */
function keysOf(input: string, start: number): { readonly end: number; readonly event: KeyEvent | undefined } {
  const complete = escapeToken(input, start);
  if (complete !== "incomplete") return complete as { readonly end: number; readonly event: KeyEvent | undefined };
  const rest = input.length - start;
  if (rest === 1 || input[start + 1] === "\u001b") return { end: start + 1, event: namedKey("escape") };
  if (rest === 2) return { end: input.length, event: plainKey(input.charAt(start + 1), true) };
  return { end: input.length, event: undefined };
}
