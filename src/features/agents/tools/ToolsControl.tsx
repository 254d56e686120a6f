'use client';

import type { McpServerView, ToolPolicy } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useId, useState } from 'react';
import { Field, Select, Textarea } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';
import type { TextControlProps } from '../kindForm';
import {
  goneTools,
  POLICY_LABELS,
  POLICY_OPTIONS,
  readHosts,
  readTools,
  type ServerTools,
  type Tools,
  writeTools,
} from './toolChoices';

interface PolicyProps {
  label: string;
  hint: string;
  value: ToolPolicy;
  onValue: (policy: ToolPolicy) => void;
}

/** One thing that the model may do: by itself, after asking, or not. */
function Policy({ label, hint, value, onValue }: PolicyProps) {
  const id = useId();
  const choose = (chosen: string) => {
    const option = POLICY_OPTIONS.find(([policy]) => policy === chosen);
    if (option !== undefined) onValue(option[0]);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <label htmlFor={id} className="min-w-0 flex-1 basis-48 text-sm">
        {label}
        <span className="block text-[0.8125rem] text-muted">{hint}</span>
      </label>
      <Select id={id} value={value} onChange={(event) => choose(event.target.value)} className="w-36">
        {POLICY_OPTIONS.map(([policy, text]) => (
          <option key={policy} value={policy}>
            {text}
          </option>
        ))}
      </Select>
    </div>
  );
}

interface ServerProps {
  server: McpServerView;
  chosen: ServerTools | undefined;
  onChosen: (chosen: ServerTools | undefined) => void;
}

/** Whether the tools of a server are used, and each of them on which terms. */
function Server({ server, chosen, onChosen }: ServerProps) {
  const policyOf = (name: string, readOnly: boolean): ToolPolicy =>
    chosen?.tools?.[name] ?? chosen?.default ?? (readOnly ? 'allow' : 'ask');
  return (
    <div className="rounded-xl border px-4 py-3">
      <label className="flex items-start gap-3 text-sm">
        <input
          type="checkbox"
          className="mt-1 accent-accent"
          checked={chosen !== undefined}
          onChange={(event) => onChosen(event.target.checked ? { serverId: server.id } : undefined)}
        />
        <span>
          The tools of <span className="font-medium">{server.name}</span>
          <span className="block text-[0.8125rem] text-muted">
            Those that change nothing are allowed, all others ask first.
          </span>
        </span>
      </label>
      {chosen !== undefined && server.tools.length + goneTools(chosen, server.tools).length > 0 && (
        <details className="mt-2">
          <summary className="w-fit cursor-pointer rounded-md text-sm text-muted hover:text-ink">
            Each tool
          </summary>
          <div className="mt-2 space-y-2">
            {server.tools.map(({ name, readOnly, description }) => (
              <Policy
                key={name}
                label={name}
                hint={description.slice(0, 120)}
                value={policyOf(name, readOnly)}
                onValue={(policy) => onChosen({ ...chosen, tools: { ...chosen.tools, [name]: policy } })}
              />
            ))}
            {goneTools(chosen, server.tools).map(([name, policy]) => (
              <Policy
                key={name}
                label={name}
                hint="The server no longer has this tool."
                value={policy}
                onValue={(next) => onChosen({ ...chosen, tools: { ...chosen.tools, [name]: next } })}
              />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

function Servers({ tools, onTools }: { tools: Tools; onTools: (tools: Tools) => void }) {
  const trpc = useTRPC();
  const { data: servers } = useQuery(trpc.mcpServer.list.queryOptions());
  const chosen = tools.mcp ?? [];
  const set = (serverId: string, next: ServerTools | undefined) => {
    const others = chosen.filter((one) => one.serverId !== serverId);
    onTools({ ...tools, mcp: next === undefined ? others : [...others, next] });
  };
  if (servers === undefined) return null;
  return (
    <>
      {chosen
        .filter(({ serverId }) => servers.every(({ id }) => id !== serverId))
        .map(({ serverId }) => (
          <label
            key={serverId}
            className="flex items-start gap-3 rounded-xl border bg-warn-soft px-4 py-3 text-sm"
          >
            <input
              type="checkbox"
              className="mt-1 accent-accent"
              checked
              onChange={() => set(serverId, undefined)}
            />
            The tools of a server that was deleted
          </label>
        ))}
      {servers.map((server) => (
        <Server
          key={server.id}
          server={server}
          chosen={chosen.find(({ serverId }) => serverId === server.id)}
          onChosen={(next) => set(server.id, next)}
        />
      ))}
      {servers.length === 0 && (
        <p className="text-[0.8125rem] text-muted">
          More tools come from servers of the Model Context Protocol, which you add under{' '}
          <Link href="/settings/servers" className="underline underline-offset-2">
            Settings → Tool servers
          </Link>
          .
        </p>
      )}
    </>
  );
}

/** The hosts that requests may go to. The text is kept as typed while it is typed. */
function Hosts({ hosts, onHosts }: { hosts: readonly string[]; onHosts: (hosts: string[]) => void }) {
  const [text, setText] = useState(hosts.join('\n'));
  return (
    <Field
      label="Hosts for HTTP requests"
      hint="One per line: api.example.com, *.example.com or localhost:8080."
    >
      <Textarea
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onHosts(readHosts(event.target.value));
        }}
        className="font-mono text-sm"
        spellCheck={false}
        placeholder="api.example.com"
      />
    </Field>
  );
}

/** What the model of an agent may call: by itself, after asking, or not. */
export function ToolsControl({ text, onText }: TextControlProps) {
  const tools = readTools(text);
  const set = (next: Tools) => onText(writeTools(next));
  const http = tools.http_request;
  const setHttp = (policy: ToolPolicy) =>
    set({ ...tools, http_request: policy === 'deny' ? undefined : { policy, hosts: http?.hosts ?? [] } });
  return (
    <div className="space-y-3">
      <Policy
        label="Read pages of the web"
        hint="Public pages, feeds and PDFs."
        value={tools.read_page ?? 'allow'}
        onValue={(policy) => set({ ...tools, read_page: policy })}
      />
      <Policy
        label="Search the web"
        hint="Where the operator has set a search service."
        value={tools.search_web ?? 'allow'}
        onValue={(policy) => set({ ...tools, search_web: policy })}
      />
      <Policy
        label="Write documents of its task"
        hint={`${POLICY_LABELS.deny} takes reading them away too.`}
        value={tools.documents ?? 'allow'}
        onValue={(policy) => set({ ...tools, documents: policy })}
      />
      <Policy
        label="Look at the tasks around its own"
        hint="Reports, briefs and comments of its parent, its subtasks and what it depends on."
        value={tools.tasks ?? 'allow'}
        onValue={(policy) => set({ ...tools, tasks: policy })}
      />
      <Policy
        label="Send HTTP requests"
        hint="To the hosts that you list, with any method."
        value={http?.policy ?? 'deny'}
        onValue={setHttp}
      />
      {http !== undefined && (
        <Hosts hosts={http.hosts} onHosts={(hosts) => set({ ...tools, http_request: { ...http, hosts } })} />
      )}
      <Servers tools={tools} onTools={set} />
    </div>
  );
}
