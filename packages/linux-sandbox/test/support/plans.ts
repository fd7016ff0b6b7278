import type { Plan } from "../../src/plan.ts";

/** A plan that allows nothing but reading, with the given differences. */
export function planOf(differences: Partial<Plan>): Plan {
  return {
    network: "none",
    fullWrite: false,
    writableRoots: [],
    protectedPaths: [],
    missingProtected: [],
    deniedReads: [],
    needs: ["write", "metadata", "network", "abstract_sockets", "signals"],
    remarks: [],
    ...differences,
  };
}
