import { describe, expect, test } from "vitest";
import { Decoder } from "../../src/input/decoder.ts";
import type { DecodedEvent } from "../../src/input/event.ts";

describe("every sequence is decoded as a whole, at every split point and in random pieces", () => {
  for (const [input, expected] of cases())
    test(`${JSON.stringify(input)}`, () => {
      const bytes = new TextEncoder().encode(input);
      expect(summary(decodeAll([bytes]))).toEqual(expected);
      for (let cut = 1; cut < bytes.length; cut++)
        expect(summary(decodeAll([bytes.subarray(0, cut), bytes.subarray(cut)])), `cut at ${cut}`).toEqual(expected);
      expect(summary(decodeAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))), "byte by byte").toEqual(expected);
    });

  test("all of them one after the other, in random pieces", () => {
    const all = cases().filter(([input]) => !/[\r\n]/.test(input) && input !== "\u001b" && !/^\u001b[[\]O]$/.test(input));
    const bytes = new TextEncoder().encode(all.map(([input]) => input).join("\u001b[Z"));
    const whole = summary(decodeAll([bytes]));
    expect(whole.length).toBeGreaterThan(all.length);
    let state = 5;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 500; round++) {
      const pieces: Uint8Array[] = [];
      for (let start = 0; start < bytes.length;) {
        const end = start + 1 + random(random(4) === 0 ? 40 : 4);
        pieces.push(bytes.subarray(start, end));
        start = end;
      }
      expect(summary(decodeAll(pieces))).toEqual(whole);
    }
  });
});

describe("what was not typed", () => {
  test("an unbracketed paste never presses enter, however it is cut", () => {
    const bytes = new TextEncoder().encode("first line\rsecond line\r\nthird\r");
    for (let cut = 1; cut < bytes.length; cut++) {
      const events = decodeAll([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(summary(events).filter((event) => event === "enter")).toEqual([]);
      expect(typedText(events).replaceAll("\n\n", "\n")).toBe("first line\nsecond line\nthird\n");
    }
  });

  test("a few characters and enter in one piece were typed", () => {
    expect(summary(decodeAll([new TextEncoder().encode("yes\r")]))).toEqual(["y", "e", "s", "enter"]);
  });

  test("enter some time after quick typing was pressed", () => {
    const decoder = new Decoder();
    expect(decoder.decode(new TextEncoder().encode("a long sentence"), 0)).toHaveLength(15);
    expect(summary(decoder.decode(Uint8Array.of(13), 9))).toEqual(["enter"]);
  });

  test("a paste whose end never comes is taken after a while", () => {
    const decoder = new Decoder();
    expect(decoder.decode(new TextEncoder().encode("\u001b[200~abc\u001b[20"), 0)).toEqual([]);
    expect(decoder.waitsFor).toBe(3000);
    expect(decoder.expire()).toEqual([{ kind: "paste", text: "abc\u001b[20" }]);
    expect(decoder.waitsFor).toBeUndefined();
  });

  test("the begin of a sequence whose end never comes is dropped", () => {
    const decoder = new Decoder();
    expect(decoder.decode(new TextEncoder().encode("\u001b[<35;1"), 0)).toEqual([]);
    expect(decoder.waitsFor).toBe(500);
    expect(decoder.expire()).toEqual([]);
    expect(summary(decoder.decode(new TextEncoder().encode("a"), 600))).toEqual(["a"]);
  });
});

describe("the escape key", () => {
  test("is known after 25 ms, and alt by what follows sooner", () => {
    const decoder = new Decoder();
    expect(decoder.decode(Uint8Array.of(27), 0)).toEqual([]);
    expect(decoder.waitsFor).toBe(25);
    expect(summary(decoder.expire())).toEqual(["escape"]);
    decoder.decode(Uint8Array.of(27), 100);
    expect(summary(decoder.decode(Uint8Array.of(98), 110))).toEqual(["alt-b"]);
  });

  test("pressed twice at once is pressed twice", () => {
    const decoder = new Decoder();
    decoder.decode(Uint8Array.of(27, 27), 0);
    expect(summary(decoder.expire())).toEqual(["escape", "escape"]);
  });

  test("is waited for longer where a lone escape only begins sequences", () => {
    const decoder = new Decoder();
    decoder.escapeIsSequence = true;
    decoder.decode(Uint8Array.of(27), 0);
    expect(decoder.waitsFor).toBe(500);
  });
});

test("a key and its text", () => {
  const decoder = new Decoder();
  const decode = (text: string): DecodedEvent[] => decoder.decode(new TextEncoder().encode(text), 0);
  const plain = { kind: "key", ctrl: false, alt: false, shift: false };
  expect(decode("aÉ ")).toEqual([
    { ...plain, name: "a", text: "a" },
    { ...plain, name: "é", shift: true, text: "É" },
    { ...plain, name: "space", text: " " },
  ]);
  expect(decode("\u001b[97;2u\u001b[97;5u")).toEqual([
    { ...plain, name: "a", shift: true, text: "A" },
    { ...plain, name: "a", ctrl: true },
  ]);
});

/** Input and what it means, in short. */
function cases(): [string, string[]][] {
  return [
    ["a", ["a"]],
    ["日本", ["日", "本"]],
    ["👍🏽", ["👍", "🏽"]],
    ["G?", ["shift-g", "?"]],
    ["\r", ["enter"]],
    ["\n", ["ctrl-j"]],
    ["\t", ["tab"]],
    ["\u0000", ["ctrl-space"]],
    ["\u0003\u0004\u001a", ["ctrl-c", "ctrl-d", "ctrl-z"]],
    ["\u001f\u007f\u0008", ["ctrl-_", "backspace", "ctrl-h"]],
    ["\u001b", ["escape"]],
    ["\u001b\r", ["alt-enter"]],
    ["\u001b\u007f", ["alt-backspace"]],
    ["\u001bé", ["alt-é"]],
    ["\u001b[", ["alt-["]],
    ["\u001bO", ["alt-shift-o"]],
    ["\u001b[A\u001b[B\u001bOC\u001bOD", ["up", "down", "right", "left"]],
    ["\u001b[1;5D\u001b[1;2A\u001b[1;3C", ["ctrl-left", "shift-up", "alt-right"]],
    ["\u001b\u001b[D", ["alt-left"]],
    ["\u001b[H\u001b[F\u001b[1~\u001b[4~\u001b[3~\u001b[3;5~", ["home", "end", "home", "end", "delete", "ctrl-delete"]],
    ["\u001b[5~\u001b[6~\u001b[Z", ["pageup", "pagedown", "shift-tab"]],
    ["\u001bOP\u001b[15~\u001b[24~\u001b[[A\u001b[1;2P", ["f1", "f5", "f12", "f1", "shift-f1"]],
    ["\u001b[13;2u\u001b[27u\u001b[127;5u", ["shift-enter", "escape", "ctrl-backspace"]],
    ["\u001b[97;5:1u\u001b[97;5:3u", ["ctrl-a"]],
    ["\u001b[57417u\u001b[57400u\u001b[57441u", ["left", "1"]],
    ["\u001b[27;2;13~\u001b[27;5;99~\u001b[27;2;65~", ["shift-enter", "ctrl-c", "shift-a"]],
    ["\u001b[I\u001b[O", ["focused", "unfocused"]],
    ["\u001b[<64;10;5M\u001b[<65;10;5M", ["wheel -1 at 9,4", "wheel 1 at 9,4"]],
    ["\u001b[<64;1;1M\u001b[<64;1;1Ma\u001b[<65;1;1M", ["wheel -1 at 0,0", "wheel -1 at 0,0", "a", "wheel 1 at 0,0"]],
    ["\u001b[<0;3;4M\u001b[<32;4;4M\u001b[<0;4;4m", ["press left at 2,3", "drag left at 3,3", "release left at 3,3"]],
    ["\u001b[M !!x", ["x"]],
    ["\u001b[200~one\rtwo\r\nthree\u001b[A\u001b[201~x", ["paste one|two|three\u001b[A", "x"]],
    ["\u001b[200~\u001b[201~", ["paste "]],
    ["\u001b[?62;22;52c", ["reply primary-attributes"]],
    ["\u001b[?1u", ["reply kitty-keyboard"]],
    ["\u001b[?2026;2$y", ["reply mode"]],
    ["\u001b[12;34R", ["reply cursor"]],
    ["\u001b[?997;2n", ["reply color-scheme"]],
    ["\u001b[>1;10;0c", ["reply unknown"]],
    ["\u001b]11;rgb:ffff/ffff/ffff\u001b\\", ["reply color"]],
    ["\u001b]11;rgb:00/00/00\u0007", ["reply color"]],
    ["\u001bP>|tmux 3.4\u001b\\", ["reply name"]],
    ["\u001bP1+r5463\u001b\\\u001b_Gi=1;OK\u001b\\", ["reply unknown", "reply unknown"]],
    ["\u001b[12\u001b[A", ["up"]],
  ];
}

function decodeAll(pieces: readonly Uint8Array[]): DecodedEvent[] {
  const decoder = new Decoder();
  const events = pieces.flatMap((piece, index) => decoder.decode(piece, index));
  while (decoder.waitsFor !== undefined) events.push(...decoder.expire());
  return events;
}

function summary(events: readonly DecodedEvent[]): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case "key":
        return [...(["ctrl", "alt", "shift"] as const).filter((modifier) => event[modifier]), event.name].join("-");
      case "paste":
        return `paste ${event.text.replaceAll("\n", "|")}`;
      case "mouse":
        return `${event.action === "wheel" ? `wheel ${event.wheel}` : `${event.action} ${event.button}`} at ${event.x},${event.y}`;
      case "focus":
        return event.focused ? "focused" : "unfocused";
      case "reply":
        return `reply ${event.reply.type}`;
    }
  });
}

function typedText(events: readonly DecodedEvent[]): string {
  return events.map((event) => (event.kind === "paste" ? event.text : event.kind === "key" ? (event.text ?? "") : "")).join("");
}
