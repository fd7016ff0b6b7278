/** The vi keys, for the help: they are no actions of the keymap. */
export const VIM_KEYS = [
  ["esc", "normal mode; again: what esc is without vi keys"],
  ["i a I A o O", "type: before, behind, at the line's ends, in a new line"],
  ["h l j k", "character left and right, row down and up, then later and earlier messages"],
  ["w b e W B E", "words"],
  ["0 ^ $ gg G { } %", "line, text, paragraph, bracket"],
  ["f F t T ; ,", "to a character of the line, and again"],
  ["d c y", 'cut, change, copy: with a motion, doubled for lines, or with iw a" i( ip …'],
  ["x X D C s S Y r ~ J", "the short ones"],
  ["p P", "put back what was cut"],
  ["u ctrl-r .", "undo, redo, do the last change again"],
  ["v V", "select; then d c y, o for the other end"],
  ["3w 2dd d3w", "counts go before commands and motions"],
  ["/ ! @", "in an empty text: begin a command, a shell command, a file"],
] as const;
