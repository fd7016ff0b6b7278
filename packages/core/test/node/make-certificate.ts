import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A certificate for `localhost` and `model.test`, made by the openssl program. `later` is given what removes it. */
export async function makeCertificate(
  later: (cleanup: () => Promise<unknown>) => void,
): Promise<{ readonly key: string; readonly cert: string; readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "codex-tls-"));
  later(() => rm(folder, { recursive: true }));
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=model.test", "-addext", "subjectAltName=DNS:localhost,DNS:model.test"];
  await promisify(execFile)("openssl", ["req", ...kind, "-keyout", key, "-out", file, ...names]);
  return { key: await readFile(key, "utf8"), cert: await readFile(file, "utf8"), file };
}
