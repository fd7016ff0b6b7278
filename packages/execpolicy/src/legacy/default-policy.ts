/** The policy that is used when none is given; the file default.policy of this package holds the same text. */
export const DEFAULT_POLICY = `# What may run unasked when no other policy is given: programs that read and print.
#
# define_program(program, system_path, options, args) describes one way to call a program. A call that fits none of the
# descriptions of its program is "unverified": somebody has to be asked. Options stand apart from their values and are never
# bundled, so \`ls -la\` fits nothing here.

define_program(
    program = "ls",
    system_path = ["/bin/ls", "/usr/bin/ls"],
    options = [flag("-1"), flag("-a"), flag("-l")],
    args = [ARG_RFILES_OR_CWD],
    should_match = [[], ["-a", "-l", "src"]],
    should_not_match = [["-la"], ["--color"], ["-l", ""]],
)

define_program(
    program = "cat",
    system_path = ["/bin/cat", "/usr/bin/cat"],
    options = [flag("-b"), flag("-n"), flag("-t")],
    args = [ARG_RFILES],
    should_match = [["README.md"], ["-n", "a", "b"]],
    should_not_match = [[], ["-A", "a"]],
)

# The last file is the one that is written, so this never counts as safe.
define_program(
    program = "cp",
    system_path = ["/bin/cp", "/usr/bin/cp"],
    options = [flag("-r"), flag("-R"), flag("--recursive")],
    args = [ARG_RFILES, ARG_WFILE],
    should_match = [["a", "b"], ["-r", "a", "b", "folder"]],
    should_not_match = [["a"]],
)

define_program(
    program = "head",
    system_path = ["/bin/head", "/usr/bin/head"],
    options = [opt("-c", ARG_POS_INT), opt("-n", ARG_POS_INT)],
    args = [ARG_RFILES],
    should_match = [["a"], ["-n", "100", "a"]],
    should_not_match = [[], ["-n", "0", "a"], ["-5", "a"]],
)

# All of the environment, or one variable of it.
define_program(
    program = "printenv",
    system_path = ["/usr/bin/printenv"],
    should_match = [[]],
    should_not_match = [["PATH"]],
)
define_program(
    program = "printenv",
    system_path = ["/usr/bin/printenv"],
    args = [ARG_OPAQUE_VALUE],
    should_match = [["PATH"]],
    should_not_match = [[], ["PATH", "HOME"]],
)

define_program(
    program = "pwd",
    options = [flag("-L"), flag("-P")],
    should_match = [[], ["-P"]],
    should_not_match = [["a"]],
)

define_program(
    program = "rg",
    options = [opt(name, ARG_POS_INT) for name in ["-A", "-B", "-C", "-d", "--max-depth", "-m", "--max-count"]] +
              [opt(name, ARG_OPAQUE_VALUE) for name in ["-g", "--glob"]] +
              [flag(name) for name in ["-n", "-i", "-l", "--files", "--files-with-matches", "--files-without-match"]],
    args = [ARG_OPAQUE_VALUE, ARG_RFILES_OR_CWD],
    should_match = [["-n", "init"], ["-g", "*.ts", "-A", "3", "init", "src"]],
    should_not_match = [[], ["--files"], ["--glob=*.ts", "init"], ["--pre", "sh", "init"]],
)

# Only \`N,Mp\`, which prints lines; anything else sed can do may write or run something.
define_program(
    program = "sed",
    system_path = ["/usr/bin/sed"],
    options = [flag("-n"), flag("-u")],
    args = [ARG_SED_COMMAND, ARG_RFILES],
    should_match = [["-n", "1,20p", "a"]],
    should_not_match = [["-n", "1,20w out", "a"], ["s/a/b/e", "a"]],
)
define_program(
    program = "sed",
    system_path = ["/usr/bin/sed"],
    options = [flag("-n"), flag("-u"), opt("-e", ARG_SED_COMMAND, required = True)],
    args = [ARG_RFILES],
    should_match = [["-n", "-e", "1,20p", "a"]],
    should_not_match = [["a"], ["-e", "d", "a"]],
)

define_program(
    program = "which",
    system_path = ["/bin/which", "/usr/bin/which"],
    options = [flag("-a"), flag("-s")],
    args = [ARG_RFILES],
    should_match = [["node"], ["-a", "node", "npm"]],
    should_not_match = [[]],
)
`;
