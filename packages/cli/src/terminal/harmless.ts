/**
 * `text` without anything that makes a terminal do something: escape sequences are removed whole, other control characters
 * one by one; line feeds and tabs stay, a carriage return becomes a line feed. Direction overrides are removed because they
 * let text show as something else than what it is.
 */
export function harmless(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(STRING_SEQUENCE, "")
    .replace(CONTROL_SEQUENCE, "")
    .replace(SHORT_SEQUENCE, "")
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, "");
}

const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** OSC, DCS, SOS, PM and APC run to their terminator; an unended one to the end of its line. */
const STRING_SEQUENCE = /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/g;
const CONTROL_SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g;
const SHORT_SEQUENCE = /\u001b[ -/]*[0-~]?/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
