/** The patch language as the model is told of it. What is accepted beyond it is in patch/parse.ts. */

export const APPLY_PATCH_DESCRIPTION = `Adds, deletes, changes and moves files, all or none of them. The argument is a patch:

*** Begin Patch
*** Add File: notes/todo.md
+every line of the new file
+after a plus sign
*** Update File: src/greet.ts
*** Move to: src/greeting.ts
@@ export function greet(name: string): string {
   const title = titleOf(name);
-  return "Hi " + title;
+  return \`Hello, \${title}\`;
 }
*** Delete File: src/old.ts
*** End Patch

An update has one or more hunks, in the order of the file. A hunk starts with "@@", or with "@@ " and a whole line of the file that comes before it, which narrows down where it belongs; several such lines may follow each other, outermost first. Then come lines that start with a space (unchanged), "-" (removed) or "+" (added). Give about three unchanged lines on each side, and more where the same lines occur several times: a hunk that fits in several places is refused. "*** End of File" after a hunk says that it ends the file. "*** Move to:" is optional. A file that exists is updated, not added. Paths are relative to the working directory.`;

/** Lark, in the subset that constrained sampling takes. */
export const APPLY_PATCH_GRAMMAR = `start: "*** Begin Patch" LF section+ "*** End Patch" LF?
section: add | delete | update
add: "*** Add File: " path LF added+
delete: "*** Delete File: " path LF
update: "*** Update File: " path LF move? hunk+
move: "*** Move to: " path LF
hunk: place+ line+ ending?
place: ("@@" | "@@ " /(.+)/) LF
line: ("+" | "-" | " ") /(.*)/ LF
ending: "*** End of File" LF
added: "+" /(.*)/ LF
path: /(.+)/

%import common.LF
`;
