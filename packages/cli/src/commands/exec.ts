import { Codex, CodexError, createNodeHost, ownProgramEnvironment, type Config, type InputItem } from "@codex/core";
import { chooseApprover } from "../approvals/open-approver.ts";
import { openCassette } from "../exec/cassette.ts";
import { makeHumanReader } from "../exec/human.ts";
import { makeJsonReader } from "../exec/json.ts";
import { checkLastMessageFile, writeLastMessage } from "../exec/last-message-file.ts";
import type { Reader } from "../exec/reader.ts";
import { runSession } from "../exec/run-session.ts";
import { FAILED, reportFailure } from "../exit.ts";
import type { EXEC_OPTIONS } from "../flags/commands.ts";
import type { Values } from "../flags/option.ts";
import { requireGitRepository } from "../input/git-check.ts";
import { readImages } from "../input/images.ts";
import { readOutputSchema } from "../input/output-schema.ts";
import { readPrompt } from "../input/prompt.ts";
import { loadSessionConfig, openSessionHost } from "../session-config.ts";
import { makePaint, wantsColor } from "../terminal/paint.ts";

type ExecValues = Values<typeof EXEC_OPTIONS>;

/** `codex exec`: one turn, nobody asked. Returns the exit code; throws a CodexError when the turn could not be started. */
export async function exec(values: ExecValues, argument: string | undefined, version: string): Promise<number> {
  const plan = await prepare(values, argument);
  const approver = await plan.openApprover?.({ cwd: plan.config.cwd, env: ownProgramEnvironment(plan.config, process.env) });
  const host = { ...openSessionHost(plan.config), approve: approver?.answer };
  const cassette = await openCassette(values, { host, config: plan.config, processCwd: process.cwd() });
  const codex = await Codex.open(plan.config, cassette.host, { approvals: "nobody", approvalTimeoutMs: approver?.timeoutMs });
  const reader = values.json ? jsonReader() : humanReader(values, plan, version);
  const { ending, exitCode } = await runSession(codex, [...plan.images, { type: "text", text: plan.prompt }], reader);
  const faults: number[] = [];
  const attempt = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      faults.push(reportFailure(error));
    }
  };
  const { lastMessageFile } = plan;
  if (lastMessageFile !== undefined && ending.type === "completed")
    await attempt(() => writeLastMessage(lastMessageFile, ending.lastMessage, host.fs));
  await attempt(async () => {
    const note = await cassette.finish(ending);
    if (note !== undefined) process.stderr.write(`${note}\n`);
  });
  await Promise.all([host.processes.close(), host.model.close()]);
  return exitCode === 0 && faults.length > 0 ? FAILED : exitCode;
}

interface Plan {
  readonly config: Config;
  readonly prompt: string;
  readonly images: readonly InputItem[];
  readonly lastMessageFile: string | undefined;
  /** Undefined when nobody answers. */
  readonly openApprover: Awaited<ReturnType<typeof chooseApprover>>;
}

/** Everything that can be wrong before a session starts, looked at in a fixed order so that the same fault is always named. */
async function prepare(values: ExecValues, argument: string | undefined): Promise<Plan> {
  const host = createNodeHost();
  const processCwd = process.cwd();
  const { "output-schema": schemaFile, "output-last-message": messageFile } = values;
  const openApprover = await chooseApprover(values, processCwd);
  const prompt = takePrompt(values, argument);
  // Reading goes on meanwhile; its fault is looked at last.
  prompt.catch(() => undefined);
  const outputSchema = schemaFile === undefined ? undefined : await readOutputSchema(schemaFile, processCwd, host.fs);
  const lastMessageFile = messageFile === undefined ? undefined : await checkLastMessageFile(messageFile, processCwd, host.fs);
  const config = await loadSessionConfig(values, {
    processCwd,
    host,
    outputSchema,
    defaultApprovalPolicy: openApprover === undefined ? "never" : "on-request",
  });
  if (!values["skip-git-repo-check"]) await requireGitRepository(config.cwd, host.fs);
  const images = await readImages(values.image, processCwd, host.fs);
  return { config, prompt: await prompt, images, lastMessageFile, openApprover };
}

async function takePrompt({ approvals }: ExecValues, argument: string | undefined): Promise<string> {
  if (approvals !== "stdio") return readPrompt(argument, (text) => process.stderr.write(`${text}\n`));
  if (argument !== undefined && argument !== "-" && argument.trim() !== "") return argument;
  throw new CodexError("usage", "--approvals stdio reads answers from stdin, so the prompt has to be an argument");
}

function jsonReader(): Reader {
  return makeJsonReader((event) => process.stdout.write(`${JSON.stringify(event)}\n`));
}

function replayed({ replay, "live-tools": live }: ExecValues): string | undefined {
  return replay === undefined ? undefined : `${replay} (${live ? "its model, real tools" : "nothing is run and no file changes"})`;
}

function humanReader(values: ExecValues, plan: Plan, version: string): Reader {
  const when = (values.color ?? "auto") as "always" | "never" | "auto";
  return makeHumanReader({
    version,
    prompt: plan.prompt,
    images: plan.images.length,
    paint: makePaint(wantsColor({ when, isTerminal: process.stderr.isTTY === true, env: process.env })),
    note: (text) => process.stderr.write(text),
    answer: (text) => process.stdout.write(text),
    answerIsTerminal: process.stdout.isTTY === true,
    replay: replayed(values),
  });
}
