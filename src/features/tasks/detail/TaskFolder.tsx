'use client';

import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '@/components/ui/copyButton';
import { formatBytes } from '@/features/system/formatCount';
import { useTRPC } from '@/lib/trpc/client';

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 font-mono text-[0.8125rem] break-all">{text}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** The folder on the server in which the commands of a task work, once there is one. */
export function TaskFolder({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const { data: folder = null } = useQuery(trpc.task.folder.queryOptions({ id: taskId }));
  if (folder === null) return null;
  const { bytes, files, isPartial, worktrees } = folder;
  const [worktree] = worktrees;
  return (
    <div className="col-span-full">
      <dt className="text-[0.8125rem] text-muted">Folder on the server</dt>
      <dd className="space-y-1 text-[0.9375rem] tabular-nums">
        <Copied text={worktree?.path ?? folder.path} label="Copy the path of the folder" />
        <p className="text-[0.8125rem] text-muted">
          {isPartial ? 'more than ' : ''}
          {formatBytes(bytes)} in {files === 1 ? '1 file' : `${files.toLocaleString('en')} files`}
        </p>
        {worktrees.map(({ repository, branch }) => (
          <div key={repository} className="text-[0.8125rem] text-muted">
            A worktree of {repository}
            {branch !== null && (
              <Copied text={branch} label={`Copy the name of the branch in ${repository}`} />
            )}
          </div>
        ))}
      </dd>
    </div>
  );
}
