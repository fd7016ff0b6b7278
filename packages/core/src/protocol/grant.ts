import * as z from "zod/mini";

/** What an approval gives beyond the one call. Offered by a request, given by its answer. */

/** `user` and `project` write a line into a rule file; it holds for this session too. */
export const RULE_SCOPE = z.enum(["session", "user", "project"]);
export type RuleScope = z.infer<typeof RULE_SCOPE>;

export const GRANT = z.discriminatedUnion("type", [
  /** This very command in its folder, for the session. */
  z.object({ type: z.literal("command") }),
  /** Every command that begins with these words. */
  z.object({ type: z.literal("prefix"), prefix: z.array(z.string()), scope: RULE_SCOPE }),
  /** A permission as `-s` takes it, for this call or for the session. The command runs confined, with it. */
  z.object({ type: z.literal("permission"), permission: z.string(), scope: z.enum(["call", "session"]) }),
  /** A folder, absolute, that may be written for the rest of the session. */
  z.object({ type: z.literal("root"), root: z.string() }),
]);
export type Grant = z.infer<typeof GRANT>;
