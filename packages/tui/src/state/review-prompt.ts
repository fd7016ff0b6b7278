/**
 * What the model is asked for by `/review`. The argument is empty (the working tree), one word (a branch, a tag or a commit, `base X` and
 * `commit X` where that must not be guessed), or what the user wants looked at in their own words.
 */
export function reviewPrompt(argument: string): string {
  return `${subject(argument.trim())}\n\n${HOW}`;
}

function subject(argument: string): string {
  const [, kind, name] = /^(base|branch|commit) (\S+)$/.exec(argument) ?? [];
  if (kind === "commit" && name !== undefined) return ofCommit(name);
  if (name !== undefined) return sinceBase(name);
  if (argument === "") return WORKING_TREE;
  if (/^[\w./@~^-]+$/.test(argument)) {
    return `Review changes; which ones, \`${argument}\` says. Look with git what it names. A branch: ${sinceBase(argument)} A commit or a tag: ${ofCommit(argument)} A file or a folder: the changes of the working tree below it. None of these: take it as a wish about a review of the working tree.`;
  }
  return `Review code, as the user asks: ${argument}\nWhere that names no other changes, review those of the working tree: staged, unstaged and new files.`;
}

const WORKING_TREE =
  "Review the changes of the working tree that are not committed yet: staged, unstaged, and new files that git does not ignore. Where there are none, say so and review the last commit.";

function sinceBase(name: string): string {
  return `Review what the current branch changes since it left \`${name}\`, the working tree included: the diff from \`git merge-base HEAD ${name}\`.`;
}

function ofCommit(name: string): string {
  return `Review the changes that the commit \`${name}\` makes.`;
}

const HOW = `You are the reviewer now, not the author: change nothing, and run only what reads or what tests.
Read the diff first, then as much of the code around it as a judgement needs: callers, types, tests, similar places.
Report faults that this change brings and that its author would want to mend before it goes in: wrong results, lost data, broken callers,
races, leaks, holes in safety, missing checks of outside input, tests that cannot fail. Be sure of each: say which input or which order of
events makes it go wrong. Leave out matters of taste, what a formatter does, and what was there before.
Give for each finding, the gravest first: its weight (blocker, serious, minor), file and line, what goes wrong and when, and the smallest
mend. End with one line: whether it can go in as it is. When you find nothing, say so and which parts you looked at.`;
