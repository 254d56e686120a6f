'use client';

import type { McpServerView, McpTransport } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Segmented } from '@/components/ui/segmented';
import { parseHeaders } from '@/features/agents/requestFields';
import { useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { withScheme } from '@/lib/webAddress';

interface ServerFormProps {
  /** Null for a new one. */
  server: McpServerView | null;
  onClose: () => void;
}

interface ServerTexts {
  name: string;
  transport: McpTransport;
  url: string;
  command: string;
  headers: string;
}

const TRANSPORTS: readonly { value: McpTransport; label: string }[] = [
  { value: 'http', label: 'At an address' },
  { value: 'stdio', label: 'A program' },
];

const headersText = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

function useSaveServer(server: McpServerView | null, onSaved: () => void) {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: (texts: ServerTexts) => {
      const headers = parseHeaders(texts.headers);
      if (headers === null) throw new Error('Write one header per line, as Name: value');
      const { name, transport } = texts;
      const place =
        transport === 'http'
          ? { url: withScheme(texts.url.trim()), headers }
          : { command: texts.command.trim() };
      const input = { name: name.trim(), transport, ...place };
      if (server === null) return client.mcpServer.create.mutate(input);
      return client.mcpServer.update.mutate({ id: server.id, ...input });
    },
    onSuccess: onSaved,
  });
}

/** The name and the place of a server. Saving it asks the server for its tools. */
export function ServerForm({ server, onClose }: ServerFormProps) {
  const [texts, setTexts] = useState<ServerTexts>({
    name: server?.name ?? '',
    transport: server?.transport ?? 'http',
    url: server?.url ?? '',
    command: server?.command ?? '',
    headers: headersText(server?.headers ?? {}),
  });
  const save = useSaveServer(server, onClose);
  const set = (part: Partial<ServerTexts>) => setTexts((before) => ({ ...before, ...part }));
  return (
    <Form
      className="mt-4 space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(texts);
      }}
    >
      <Field label="Name" hint="Small letters, digits and “-”. The names of its tools begin with it.">
        <Input
          value={texts.name}
          onChange={(event) => set({ name: event.target.value })}
          placeholder="mail"
          autoComplete="off"
          autoFocus
          required
        />
      </Field>
      <Segmented
        label="Where it runs"
        value={texts.transport}
        options={TRANSPORTS}
        onValueChange={(transport) => set({ transport })}
      />
      {texts.transport === 'http' ? (
        <>
          <Field label="Address" hint="Of its streamable HTTP endpoint, which often ends with /mcp.">
            <Input
              value={texts.url}
              onChange={(event) => set({ url: event.target.value })}
              inputMode="url"
              placeholder="https://mail.example.com/mcp"
              autoComplete="off"
              required
            />
          </Field>
          <Field
            label="Headers (optional)"
            hint="One per line, as Name: value. They are stored encrypted and shown as dots; leave the dots to keep a value."
          >
            <Textarea
              value={texts.headers}
              onChange={(event) => set({ headers: event.target.value })}
              className="font-mono text-sm"
              placeholder="Authorization: Bearer …"
              spellCheck={false}
            />
          </Field>
        </>
      ) : (
        <Field
          label="Program"
          hint="A name that the operator of this server has given a command line in MCP_COMMANDS."
        >
          <Input
            value={texts.command}
            onChange={(event) => set({ command: event.target.value })}
            className="font-mono"
            placeholder="files"
            autoComplete="off"
            required
          />
        </Field>
      )}
      {save.error !== null && <FormError>{messageOf(save.error)}</FormError>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={save.isPending}>
          {save.isPending ? 'Asking the server…' : 'Save and check'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </Form>
  );
}
