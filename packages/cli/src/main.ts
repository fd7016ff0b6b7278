/** Put in by the build, from package.json. */
declare const CODEX_VERSION: string;

const args = process.argv.slice(2);

// Answered before anything else is loaded, streams included.
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  try {
    process.getBuiltinModule("node:fs").writeSync(1, `codex ${CODEX_VERSION}\n`);
  } catch (error) {
    // 141: nobody is left to read it.
    process.exitCode = (error as NodeJS.ErrnoException).code === "EPIPE" ? 141 : 1;
  }
} else {
  const { run } = await import("./run.ts");
  await run(args, CODEX_VERSION);
}

export {};
