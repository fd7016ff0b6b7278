import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";

/** Why a program did not start, in a sentence. Node reports a missing directory and a missing program alike, so both are looked at. */
export async function explainSpawnFailure(
  error: unknown,
  request: { readonly argv: readonly string[]; readonly cwd: string },
): Promise<{ code: string; message: string }> {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  const [program = ""] = request.argv;
  const directory = await kindAt(request.cwd);
  if (directory === "nothing") return { code: "ENOENT", message: `the working directory does not exist: ${request.cwd}` };
  if (directory === "file") return { code: "ENOTDIR", message: `the working directory is not a directory: ${request.cwd}` };
  if (program === "") return { code: "ENOENT", message: "the command is empty" };
  return { code, message: await explainProgram(code, error, { program, cwd: request.cwd }) };
}

async function explainProgram(
  code: string,
  error: unknown,
  { program, cwd }: { readonly program: string; readonly cwd: string },
): Promise<string> {
  const isPath = isAbsolute(program) || program.includes("/");
  switch (code) {
    case "ENOENT":
      if (!isPath) return `program not found on PATH: ${program}`;
      return (await kindAt(resolve(cwd, program))) === "nothing"
        ? `program not found: ${program}`
        : `the interpreter that ${program} names in its first line does not exist`;
    case "EACCES":
      if (isPath && (await kindAt(resolve(cwd, program))) === "directory") return `not a program but a directory: ${program}`;
      return `no permission to execute ${program}`;
    case "E2BIG":
      return "the arguments and the environment together are too long for the system";
    case "EAGAIN":
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
      return `the system has no room for another process (${code})`;
    case "ERR_INVALID_ARG_VALUE":
      return "a program, argument, directory or variable contains a NUL byte";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

async function kindAt(path: string): Promise<"nothing" | "file" | "directory" | "unknown"> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOENT" || code === "ENOTDIR" ? "nothing" : "unknown";
  }
}
