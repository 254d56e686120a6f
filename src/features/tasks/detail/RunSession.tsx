import type { CodingProgram, ProgramSession } from '@everbeat/domain';
import { CopyButton } from '@/components/ui/copyButton';

const PROGRAM_LABELS: Record<CodingProgram, string> = { claude: 'Claude Code', codex: 'Codex' };

/** The conversation that the program of a coding agent keeps, and which run it goes on with. */
export function RunSession({ session }: { session: ProgramSession }) {
  const { program, id, resumes } = session;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-[0.8125rem] text-muted">
      <span>
        {PROGRAM_LABELS[program]} session <span className="font-mono">{id.slice(0, 8)}</span>
      </span>
      <CopyButton text={id} label="Copy the id of the session" />
      {resumes !== null && <span className="tabular-nums">resumes #{resumes}</span>}
    </p>
  );
}
