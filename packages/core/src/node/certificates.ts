import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/** Certificate authorities cannot be read; `code` names it for the caller. */
class CertificatesUnreadable extends Error {
  override readonly name = "CertificatesUnreadable";
  readonly code = "CERTIFICATES_UNREADABLE";
}

/**
 * The authorities to trust when `SSL_CERT_FILE` is set: Node's own, those of `NODE_EXTRA_CA_CERTS`, and the file's (PEM).
 * Undefined = Node's default, which already has `NODE_EXTRA_CA_CERTS`.
 */
export function trustedCertificates(env: Readonly<Record<string, string | undefined>>): string[] | undefined {
  const file = env["SSL_CERT_FILE"]?.trim();
  if (file === undefined || file === "") return undefined;
  let added: string;
  try {
    added = readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CertificatesUnreadable(`the file named by SSL_CERT_FILE cannot be read: ${reason}`);
  }
  return [...tls.rootCertificates, ...extraCertificates(env), added];
}

/** Node warns about an unreadable file itself and goes on without it. */
function extraCertificates(env: Readonly<Record<string, string | undefined>>): string[] {
  const file = env["NODE_EXTRA_CA_CERTS"];
  if (file === undefined || file === "") return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
