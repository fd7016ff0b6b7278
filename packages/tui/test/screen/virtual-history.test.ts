import { describe, expect, test } from "vitest";
import { createVirtualHistory, type VirtualHistory } from "../../src/screen/virtual-history.ts";

/** Items of so many cells, one row for every `width` of them; estimates are off by a row for each third item. */
function setUp(extents: number[]): { history: VirtualHistory; measured: () => number; add: (extent: number) => void } {
  let measured = 0;
  const history = createVirtualHistory({
    measure: (index, width) => {
      measured += 1;
      return Math.max(1, Math.ceil((extents[index] ?? 0) / width)) + (index % 3 === 0 ? 1 : 0);
    },
  });
  for (const extent of extents) history.append(extent);
  const add = (extent: number): void => {
    extents.push(extent);
    history.append(extent);
  };
  return { history, measured: () => measured, add };
}

/** The row at the top of the viewport as item and row. */
function topRow(history: VirtualHistory): string {
  const [first] = history.window().items;
  return first === undefined ? "nothing" : `${first.index}+${-first.top}`;
}

describe("what is visible", () => {
  test("is the end at first, and stays the end while things are appended", () => {
    const { history, add } = setUp([1, 1, 1, 1, 1]);
    history.resize(10, 4);
    expect(history.window()).toEqual({
      items: [
        { index: 2, top: 0, height: 1 },
        { index: 3, top: 1, height: 2 },
        { index: 4, top: 3, height: 1 },
      ],
      above: 2,
      total: 6,
      following: true,
    });
    add(1);
    expect(history.window().items.at(-1)).toEqual({ index: 5, top: 3, height: 1 });
  });

  test("does not move when things are appended, changed or measured elsewhere, once scrolled up", () => {
    const { history, add } = setUp(Array.from({ length: 50 }, () => 25));
    history.resize(10, 7);
    history.scrollBy(-40);
    const top = topRow(history);
    for (let count = 0; count < 20; count++) add(100);
    history.change(0, 500);
    expect([topRow(history), history.window().following]).toEqual([top, false]);
    history.scrollBy(1000);
    expect(history.window().following).toBe(true);
  });

  test("moves by exactly the rows asked for, over items never measured", () => {
    const { history } = setUp(Array.from({ length: 1000 }, (_, index) => (index * 7) % 60));
    history.resize(10, 10);
    const end = topRow(history);
    for (let count = 0; count < 100; count++) history.scrollBy(-7);
    history.scrollBy(699);
    expect(history.window().following).toBe(false);
    history.scrollBy(1);
    expect([topRow(history), history.window().following]).toEqual([end, true]);
  });

  test("has the start at its top after going up without end", () => {
    const { history } = setUp(Array.from({ length: 30 }, () => 5));
    history.resize(10, 10);
    history.scrollBy(-1000);
    expect([topRow(history), history.window().above]).toEqual(["0+0", 0]);
    history.scrollToEnd();
    history.scrollToStart();
    expect(topRow(history)).toBe("0+0");
  });

  test("is everything when everything fits, and scrolling does nothing", () => {
    const { history } = setUp([5, 5]);
    history.resize(10, 10);
    history.scrollBy(-3);
    expect(history.window()).toMatchObject({ above: 0, total: 3, following: true });
  });

  test("keeps the item at its top through a resize, and follows on when it followed", () => {
    const { history } = setUp(Array.from({ length: 200 }, () => 95));
    history.resize(20, 10);
    history.scrollTo({ index: 50, row: 2 });
    expect(topRow(history)).toBe("50+2");
    history.resize(10, 10);
    expect(topRow(history)).toBe("50+4");
    history.resize(10, 30);
    expect(topRow(history)).toBe("50+4");
    history.scrollToEnd();
    history.resize(33, 12);
    expect(history.window().items.at(-1)).toMatchObject({ index: 199 });
  });

  test("can be put a few rows above a place", () => {
    const { history } = setUp(Array.from({ length: 100 }, () => 5));
    history.resize(10, 10);
    history.scrollTo({ index: 50, row: 0 }, 3);
    expect(history.window().items.find(({ index }) => index === 50)?.top).toBe(3);
  });

  test("shows the end when so much is removed that it began below", () => {
    const { history } = setUp(Array.from({ length: 100 }, () => 5));
    history.resize(10, 10);
    history.scrollTo({ index: 80, row: 0 });
    history.truncate(40);
    expect(history.window().items.at(-1)).toMatchObject({ index: 39 });
    expect(history.count).toBe(40);
  });
});

test("agrees with a plain list over random actions", () => {
  const extents = Array.from({ length: 40 }, (_, index) => index % 17);
  const { history, add } = setUp(extents);
  let state = 3;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let width = 7;
  history.resize(width, 9);
  const heights = (): number[] => extents.map((extent, index) => Math.max(1, Math.ceil(extent / width)) + (index % 3 === 0 ? 1 : 0));
  for (let step = 0; step < 3000; step++) {
    const action = random(6);
    if (action === 0) add(random(60));
    else if (action === 1) history.scrollBy(random(41) - 20);
    else if (action === 2 && random(20) === 0) history.resize((width = 3 + random(30)), 9);
    else if (action === 3) {
      const index = random(extents.length);
      extents[index] = random(60);
      history.change(index, extents[index] ?? 0);
    } else if (action === 4 && random(10) === 0) {
      extents.length = Math.max(20, extents.length - random(10));
      history.truncate(extents.length);
    } else history.scrollTo({ index: random(extents.length), row: random(3) }, random(9));
    const { items } = history.window();
    const [first] = items;
    let top = first?.top ?? 0;
    const expected = heights().flatMap((height, index) => {
      if (index < (first?.index ?? 0) || top >= 9) return [];
      top += height;
      return [{ index, top: top - height, height }];
    });
    expect(items).toEqual(expected);
    expect(top, `step ${step}: the viewport is full`).toBeGreaterThanOrEqual(9);
  }
});

test("a hundred thousand items cost a resize no more than the visible ones' measuring", () => {
  const { history, measured } = setUp(Array.from({ length: 100_000 }, (_, index) => (index * 37) % 400));
  history.resize(120, 40);
  history.window();
  history.scrollBy(-100);
  history.window();
  const before = measured();
  const start = process.cpuUsage();
  history.resize(80, 40);
  history.window();
  const { user, system } = process.cpuUsage(start);
  expect(measured() - before).toBeLessThan(100);
  expect((user + system) / 1000).toBeLessThan(50);
});
