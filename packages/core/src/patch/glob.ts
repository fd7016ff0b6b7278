/**
 * Does a path fit a pattern of git's? Both relative, with `/`. A pattern without a slash is held against the last name; `**`
 * between slashes stands for any folders. Takes time proportional to the product of the lengths, whatever the pattern.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  if (pattern.endsWith("/")) return false;
  const names = path.split("/");
  if (!pattern.includes("/")) return matchesName(pattern, names.at(-1) ?? "");
  return matchesNames(pattern.replace(/^\//, "").split("/"), names);
}

/** Row by row over the pattern's parts: `reached[n]` is true when the parts so far stand for the first `n` names. */
function matchesNames(parts: readonly string[], names: readonly string[]): boolean {
  let reached = names.map(() => false);
  reached.unshift(true);
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    let open = false;
    reached = reached.map((_, n) => {
      if (part !== "**") return n > 0 && reached[n - 1] === true && matchesName(part, names[n - 1] ?? "");
      // At the end it stands for at least one name.
      const was = open;
      open ||= reached[n] === true;
      return isLast ? was : open;
    });
  }
  return reached[names.length] === true;
}

/** One name: `*`, `?`, `[a-z]`, `[!a]` and a backslash before a character that is to be itself. */
function matchesName(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  let [at, token, star, from] = [0, 0, -1, 0];
  while (at < name.length) {
    const current = tokens[token];
    if (current === "*") {
      [star, from] = [token, at];
      token++;
    } else if (current !== undefined && current(name.charAt(at))) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++from;
    } else return false;
  }
  while (tokens[token] === "*") token++;
  return token === tokens.length;
}

type Token = "*" | ((character: string) => boolean);

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const end = character === "[" ? pattern.indexOf("]", at + (/^\[[!^]/.test(pattern.slice(at)) ? 3 : 2)) : -1;
    if (character === "*") {
      if (tokens.at(-1) !== "*") tokens.push("*");
    } else if (character === "?") tokens.push(() => true);
    else if (end > 0) {
      tokens.push(oneOf(pattern.slice(at + 1, end)));
      at = end;
    } else {
      const wanted = character === "\\" && at + 1 < pattern.length ? pattern.charAt(++at) : character;
      tokens.push((found) => found === wanted);
    }
  }
  return tokens;
}

function oneOf(body: string): (character: string) => boolean {
  const negated = /^[!^]/.test(body);
  const ranges = [...(negated ? body.slice(1) : body).matchAll(/\\?(.)-\\?(.)|\\?(.)/gs)].map(
    ([, low, high, single]) => [low ?? single ?? "", high ?? single ?? ""] as const,
  );
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}
