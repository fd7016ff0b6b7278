import { describe, expect, test } from "vitest";
import { MemoryDriver } from "../src/driver/memory-driver.ts";
import type { InputEvent } from "../src/input/event.ts";
import type { Surface } from "../src/screen/surface.ts";
import { createTerminal, type Terminal, type TerminalOptions } from "../src/terminal.ts";
import { feed, screenText, virtualTerminal } from "./screen/virtual-terminal.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

interface Setup {
  readonly driver: MemoryDriver;
  readonly clock: VirtualClock;
  readonly events: InputEvent[];
  readonly terminal: Terminal;
}

function setUp(paint: (surface: Surface) => void = () => undefined, options: Partial<TerminalOptions> = {}): Setup {
  const driver = new MemoryDriver({ size: { columns: 40, rows: 10 } });
  const clock = new VirtualClock();
  const events: InputEvent[] = [];
  const terminal = createTerminal({ driver, clock, paint, onEvent: (event) => events.push(event), ...options });
  terminal.open();
  return { driver, clock, events, terminal };
}

describe("opening", () => {
  test("paints the first frame before anything is asked of the terminal, and leaves no timer", () => {
    const { driver, clock } = setUp((surface) => surface.write(0, 0, "hello"));
    const written = driver.take();
    expect(written.indexOf("hello")).toBeLessThan(written.indexOf("\u001b]11;?"));
    expect(clock.pending).toBe(0);
  });

  test("asks nothing of terminals that would show the question", () => {
    const driver = new MemoryDriver({ facts: { term: "dumb" } });
    createTerminal({ driver, clock: new VirtualClock(), paint: () => undefined, onEvent: () => undefined }).open();
    expect(driver.take()).not.toContain("]11;?");
  });
});

describe("what the terminal answers", () => {
  test("is never an event; a light background changes the theme and every colour", async () => {
    const { driver, events, terminal } = setUp((surface) => surface.write(0, 0, [{ text: "x", style: { fg: "accent" } }]));
    driver.take();
    driver.type("\u001b]11;rgb:ffff/ffff/ffff\u001b\\\u001b[?1u\u001b[?2026;2$y\u001b[?2027;0$y\u001b[?62;22c\u001b[3;4R");
    await settle();
    expect(events).toEqual([]);
    expect(terminal.capabilities).toEqual({
      colorDepth: "true",
      theme: "light",
      keyboard: "kitty",
      synchronizedOutput: true,
      graphemes: false,
      focused: true,
    });
    expect(driver.take()).toContain("38;2;5;80;174");
  });

  test("does not change a theme that was chosen", () => {
    const { driver, terminal } = setUp(undefined, { theme: "dark" });
    driver.type("\u001b]11;rgb:ff/ff/ff\u0007");
    expect(terminal.capabilities.theme).toBe("dark");
  });

  test("about changes of its colour scheme is followed", () => {
    const { driver, terminal } = setUp();
    driver.take();
    driver.type("\u001b[?2031;2$y");
    expect(driver.take()).toBe("\u001b[?2031h");
    driver.type("\u001b[?997;2n");
    expect(terminal.capabilities.theme).toBe("light");
  });
});

describe("events", () => {
  test("come in order, wheel bursts as one scroll, and each has its frame", async () => {
    let text = "";
    const { driver, clock, events } = setUp(
      (surface) => {
        surface.write(0, 0, text);
      },
      {
        onEvent: (event) => {
          events.push(event);
          if (event.kind === "key") text += event.text ?? "";
        },
      },
    );
    driver.take();
    driver.type("a\u001b[<65;1;1M\u001b[<65;1;1Mb");
    await settle();
    expect(driver.take()).toBe("ab");
    await clock.advance(100);
    expect(events.map((event) => (event.kind === "scroll" ? event.lines : event.kind === "key" ? event.name : event.kind))).toEqual([
      "a",
      "b",
      4,
    ]);
    expect(clock.pending).toBe(0);
  });

  test("a lone escape is the key after 25 ms", async () => {
    const { driver, clock, events } = setUp();
    driver.type("\u001b");
    await clock.advance(24);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(events).toMatchObject([{ kind: "key", name: "escape" }]);
  });

  test("after the end there are none, but the end itself", () => {
    const { driver, events, clock } = setUp();
    driver.end("SIGTERM");
    driver.type("x");
    expect(events).toEqual([{ kind: "end", signal: "SIGTERM" }]);
    expect([driver.log.at(-1), clock.pending]).toEqual(["stop", 0]);
  });
});

test("while the terminal takes no more, frames are merged", async () => {
  let count = 0;
  const { driver } = setUp((surface) => surface.write(0, 0, `${++count}`));
  driver.fill();
  driver.type("a");
  await settle();
  driver.take();
  for (let key = 0; key < 20; key++) {
    driver.type("a");
    await settle();
  }
  expect(driver.take()).toBe("");
  driver.drain();
  await settle();
  expect([driver.take(), count]).toEqual(["\r3", 3]);
});

test("a notification is given only without focus, and never more than a text", () => {
  const { driver, terminal } = setUp();
  driver.take();
  terminal.notify("done");
  expect(driver.take()).toBe("");
  driver.type("\u001b[O");
  terminal.notify("4;1\u0007\u001b[31mdone");
  expect(driver.take()).toBe("\u001b]9; 4;1 [31mdone\u0007\u0007");
});

test("text goes to the clipboard, unless there is too much of it", () => {
  const { driver, terminal } = setUp();
  driver.take();
  expect(terminal.copy("héllo")).toBe(true);
  expect(driver.take()).toBe("\u001b]52;c;aMOpbGxv\u0007");
  expect(terminal.copy("x".repeat(80_000))).toBe(false);
});

test("while the terminal is lent nothing is painted; then everything is", async () => {
  const { driver, terminal, events } = setUp((surface) => surface.write(0, 0, "mine"));
  driver.take();
  await terminal.lend(async () => {
    terminal.request();
    await settle();
    expect(driver.take()).toBe("");
  });
  await settle();
  expect(events).toEqual([{ kind: "resume" }]);
  expect(driver.take()).toContain("mine");
});

test("closing gives the terminal back first and then says farewell, once", () => {
  const { driver, terminal } = setUp();
  driver.take();
  terminal.close([[{ text: "bye ", style: { bold: true } }, { text: "\u001b[2J" }]]);
  terminal.close();
  expect(driver.log).toEqual(["start alternate mouse=wheel", "stop"]);
  expect(driver.take()).toBe("\u001b[1mbye \u001b[m\ufffd[2J\u001b[K\r\n");
});

describe("inline", () => {
  const inline = (rows: number): Setup & { readonly show: () => Promise<string[]>; readonly host: ReturnType<typeof virtualTerminal> } => {
    let frame = 0;
    const setup = setUp(
      (surface) => {
        frame += 1;
        for (let y = 0; y < surface.height; y++) surface.write(0, y, `live ${y}`);
        surface.placeCursor(2, surface.height - 1);
      },
      { inlineRows: rows },
    );
    const host = virtualTerminal(40, 10);
    const show = async (): Promise<string[]> => {
      await setup.clock.advance(100);
      await feed(host, setup.driver.take());
      return allText(host);
    };
    return { ...setup, show, host };
  };

  test("what is done goes to the native scrollback, and the live area stays below it", async () => {
    const { terminal, show, host } = inline(3);
    await feed(host, "$ codex\r\n");
    expect(await show()).toEqual(["$ codex", "live 0", "live 1", "live 2"]);
    terminal.print([[{ text: "one" }], [{ text: "two", style: { bold: true } }]]);
    terminal.print([[{ text: "three" }]]);
    expect(await show()).toEqual(["$ codex", "one", "two", "three", "live 0", "live 1", "live 2"]);
    terminal.print(Array.from({ length: 20 }, (_, index) => [{ text: `line ${index}` }]));
    const text = await show();
    expect(text).toEqual([
      "$ codex",
      "one",
      "two",
      "three",
      ...Array.from({ length: 20 }, (_, index) => `line ${index}`),
      "live 0",
      "live 1",
      "live 2",
    ]);
  });

  test("the live area grows and shrinks without touching what is above it", async () => {
    const { terminal, show } = inline(2);
    terminal.print([[{ text: "above" }]]);
    expect(await show()).toEqual(["above", "live 0", "live 1"]);
    terminal.setInlineRows(4);
    expect(await show()).toEqual(["above", "live 0", "live 1", "live 2", "live 3"]);
    terminal.setInlineRows(1);
    expect(await show()).toEqual(["above", "live 0"]);
    terminal.close([[{ text: "bye" }]]);
    expect(await show()).toEqual(["above", "bye"]);
  });

  test("a narrower window leaves what is above where it is", async () => {
    const { terminal, driver, show, host } = inline(2);
    terminal.print([[{ text: "above" }]]);
    await show();
    host.resize(20, 10);
    driver.resize(20, 10);
    expect(await show()).toEqual(["above", "live 0", "live 1"]);
  });
});

/** Scrollback and screen, without blank rows at the end. */
function allText(host: ReturnType<typeof virtualTerminal>): string[] {
  const { active } = host.buffer;
  const above = Array.from({ length: active.baseY }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  const text = [...above, ...screenText(host)];
  while (text.at(-1) === "") text.pop();
  return text;
}
