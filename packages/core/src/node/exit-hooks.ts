/** What must still happen when the process ends without having closed its sessions. */
const hooks = new Set<() => void>();
let installed = false;

/** Runs `hook` synchronously at process exit, unless the returned function was called first. A throwing hook stops no other. */
export function onProcessExit(hook: () => void): () => void {
  // One listener for all sessions: one each would trip Node's leak warning in a program that embeds many.
  if (!installed) {
    installed = true;
    process.on("exit", runHooks);
  }
  hooks.add(hook);
  return () => hooks.delete(hook);
}

function runHooks(): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch {
      // The process is ending: there is nobody left to tell.
    }
  }
}
