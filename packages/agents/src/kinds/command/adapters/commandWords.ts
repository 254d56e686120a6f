/** The words of a command line that is one simple command; null for anything that a shell does more with. */
export interface CommandWords {
  /** Without quotes. */
  all: readonly string[];
  has(...options: string[]): boolean;
  /** The value of an option, whether it is a word of its own or follows `=`. */
  valueOf(option: string): string | undefined;
}

const QUOTED = /'[^']*'|"(?:[^"\\`]|\\.)*"/g;
/** Several commands, redirections, comments, and quotes that do not end. */
const OF_A_SHELL = /[;&|<>()`#\n\r'"\\]|\$\(/;

/**
 * Reads a command line as far as that is needed to add options to its end: of a line such as `a | b` or `a;
 * b` they would go to the wrong program.
 */
export function commandWords(commandLine: string): CommandWords | null {
  if (OF_A_SHELL.test(commandLine.replace(QUOTED, '_'))) return null;
  const found = commandLine.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"])+/g) ?? [];
  const all = found.map((word) => word.replace(QUOTED, (quoted) => quoted.slice(1, -1)));
  return {
    all,
    has: (...options) =>
      all.some((word) => options.some((option) => word === option || word.startsWith(`${option}=`))),
    valueOf(option) {
      const at = all.findIndex((word) => word === option || word.startsWith(`${option}=`));
      const word = all[at];
      return word === undefined || word === option ? all[at + 1] : word.slice(option.length + 1);
    },
  };
}

/** What may stand before the program itself. */
const BEFORE = /^(\w+=.*|exec|env|nice|command|npx|--?y(es)?)$/;

/** The words from the program on, whose path is left out. */
export function programWords({ all }: CommandWords): readonly string[] {
  const at = all.findIndex((word) => !BEFORE.test(word));
  const [program = '', ...rest] = at === -1 ? [] : all.slice(at);
  return [NAMES[program] ?? program.slice(program.lastIndexOf('/') + 1), ...rest];
}

/** As `npx` names them. */
const NAMES: Readonly<Record<string, string>> = {
  '@anthropic-ai/claude-code': 'claude',
  '@openai/codex': 'codex',
};
