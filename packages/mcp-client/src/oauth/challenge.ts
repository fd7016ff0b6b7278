/** What a `WWW-Authenticate` header says to a client with bearer tokens. */
export interface BearerChallenge {
  readonly error: string | undefined;
  readonly scope: string | undefined;
  readonly resourceMetadata: string | undefined;
}

export function parseChallenge(header: string): BearerChallenge {
  const start = /(?:^|,)\s*bearer\b/i.exec(header);
  const text = start === null ? "" : header.slice(start.index + start[0].length);
  const parameters = new Map(
    [...text.matchAll(/([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(([, name = "", quoted, plain = ""]) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, "$1") ?? plain,
    ]),
  );
  return { error: parameters.get("error"), scope: parameters.get("scope"), resourceMetadata: parameters.get("resource_metadata") };
}
