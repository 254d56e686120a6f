import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { freePort, unknownCertificate } from '@everbeat/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleContext, exampleDigest, exampleMessage } from '../../../test/examples';
import { errorOf } from '../../../test/farSide';
import { type MailServer, startMailServer } from '../../../test/mailServer';
import type { ChannelContext, ChannelMessage } from '../../port';
import { sendToChannel } from '..';

const FROM = 'Everbeat <everbeat@example.com>';
const TLS = `tls.servername=unknown.example&tls.ca=${encodeURIComponent(unknownCertificate.cert)}`;

let server: MailServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Sending {
  url: string;
  message?: ChannelMessage;
  to?: string;
  context?: Partial<ChannelContext>;
}

const send = ({ url, message = exampleMessage(), to = 'me@example.org', context }: Sending) =>
  sendToChannel(
    { kind: 'email', config: { to } },
    message,
    exampleContext({ smtp: { url, from: FROM }, ...context }),
  );

describe('a mail', () => {
  it('arrives with its text, its links, and as plain text and HTML', async () => {
    server = await startMailServer({ authOptional: true });
    const sent = await send({ url: `smtp://127.0.0.1:${server.port}?ignoreTLS=true` });
    const [mail] = server.mails;
    expect(sent.externalId).toBe(mail?.messageId);
    expect(mail).toMatchObject({
      subject: 'Release: Shall the release go out?',
      from: { text: '"Everbeat" <everbeat@example.com>' },
    });
    expect(mail?.text).toContain('Waiting for you · T-12 Release');
    expect(mail?.text).toContain('- see the notes (https://example.com/notes)');
    expect(mail?.text).toContain('Approve: https://everbeat.example.com/a/token-1');
    expect(mail?.html).toContain('<strong>pass</strong>');
    expect(mail?.html).toContain('<a href="https://everbeat.example.com/a/token-1"');
  });

  it('is one conversation with the others about its brief, each with an id of its own', async () => {
    server = await startMailServer();
    const url = `smtp://127.0.0.1:${server.port}?ignoreTLS=true`;
    await send({ url });
    await send({ url, message: exampleMessage({ id: 'another' }) });
    await send({ url, message: exampleMessage({ id: 'third', threadKey: 'another brief' }) });
    const [first, second, third] = server.mails;
    expect(second?.inReplyTo).toBe(first?.inReplyTo);
    expect(second?.messageId).not.toBe(first?.messageId);
    expect(third?.inReplyTo).not.toBe(first?.inReplyTo);
    for (const { messageId } of server.mails) expect(messageId).toMatch(/^<[\w.]+@everbeat\.example\.com>$/);
  });

  it('of a digest lists its lines with their links', async () => {
    server = await startMailServer();
    await send({ url: `smtp://127.0.0.1:${server.port}?ignoreTLS=true`, message: exampleDigest() });
    expect(server.mails[0]?.text).toContain('- Acme News (98)');
    expect(server.mails[0]?.html).toContain(
      '<a href="https://everbeat.example.com/tasks/T-1">Acme News (98)</a>',
    );
  });

  it('cannot have headers or recipients added by its texts', async () => {
    server = await startMailServer();
    const evil = 'Hello\r\nBcc: victim@example.net\r\nX-Evil: 1\u2028\u0000';
    const message = exampleMessage({
      title: evil,
      id: evil,
      threadKey: evil,
      task: { identifier: 'T-1\r\nBcc: a@b.c', title: evil },
    });
    await send({ url: `smtp://127.0.0.1:${server.port}?ignoreTLS=true`, message });
    const [mail] = server.mails;
    expect([...(mail?.headers.keys() ?? [])]).not.toContain('x-evil');
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.to).toMatchObject({ text: 'me@example.org' });
  });
});

describe('the conversation with the mail server', () => {
  it('is encrypted from its start for smtps, with a login', async () => {
    server = await startMailServer({ secure: true, authOptional: false });
    await send({ url: `smtps://me:mail-secret@127.0.0.1:${server.port}?${TLS}` });
    expect(server.logins).toEqual([{ user: 'me', secure: true }]);
    expect(server.mails).toHaveLength(1);
  });

  it('is encrypted by STARTTLS for smtp, before the login', async () => {
    server = await startMailServer({ authOptional: false });
    await send({ url: `smtp://me:mail-secret@127.0.0.1:${server.port}?${TLS}` });
    expect(server.logins).toEqual([{ user: 'me', secure: true }]);
  });

  it('ends with an error for the operator where the certificate is not trusted', async () => {
    server = await startMailServer({ secure: true });
    const error = await errorOf(send({ url: `smtps://127.0.0.1:${server.port}` }));
    expect(error).toMatchObject({ kind: 'needs-person', message: expect.stringContaining('SMTP_URL') });
    expect(server.mails).toEqual([]);
  });

  it('ends with an error for the operator where the login is refused, without the password', async () => {
    server = await startMailServer({ authOptional: false });
    const error = await errorOf(send({ url: `smtp://me:wrong-secret@127.0.0.1:${server.port}?${TLS}` }));
    expect(error).toMatchObject({ kind: 'needs-person', message: expect.stringContaining('login') });
    expect(String(error)).not.toContain('wrong-secret');
  });

  it.each([
    ['a mailbox that does not exist', 550, 'needs-person'],
    ['a mailbox that is busy', 450, 'transient'],
  ] as const)('tells %s', async (_what, responseCode, kind) => {
    server = await startMailServer({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('no such user'), { responseCode })),
    });
    const error = await errorOf(send({ url: `smtp://127.0.0.1:${server.port}?ignoreTLS=true` }));
    expect(error).toMatchObject({ kind, mayHaveArrived: false });
  });

  it('calls a mail that the server refuses after it has read it refused', async () => {
    server = await startMailServer({
      onData: (stream, _session, done) => {
        stream
          .resume()
          .on('end', () => done(Object.assign(new Error('looks like spam'), { responseCode: 554 })));
      },
    });
    const error = await errorOf(send({ url: `smtp://127.0.0.1:${server.port}?ignoreTLS=true` }));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('looks like spam') });
  });

  it('is tried again when the server is away', async () => {
    const error = await errorOf(send({ url: `smtp://127.0.0.1:${await freePort()}` }));
    expect(error).toMatchObject({ kind: 'transient', mayHaveArrived: false });
  });

  it('ends in bounded time with a server that says nothing, and knows that nothing has arrived', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const context = { signal: AbortSignal.timeout(200) };
    const error = await errorOf(send({ url: `smtp://127.0.0.1:${port}`, context }));
    for (const socket of sockets) socket.destroy();
    silent.close();
    expect(error).toMatchObject({ kind: 'transient', mayHaveArrived: false });
  });

  it('says that a mail may have arrived whose end the server does not answer', async () => {
    server = await startMailServer({ onData: (stream) => void stream.resume() });
    const url = `smtp://127.0.0.1:${server.port}?ignoreTLS=true`;
    const error = await errorOf(send({ url, context: { signal: AbortSignal.timeout(500) } }));
    expect(error).toMatchObject({ kind: 'transient', mayHaveArrived: true });
  });

  it('says what the operator sets where there is no mail server', async () => {
    const error = await errorOf(send({ url: '', context: { smtp: null } }));
    expect(error).toMatchObject({ kind: 'needs-person', message: expect.stringContaining('SMTP_URL') });
  });

  it.each(['me', 'me@example.org, you@example.org', 'me@example.org\r\nBcc: you@example.org'])(
    'refuses %j as an address',
    async (to) => {
      expect(await errorOf(send({ url: 'smtp://127.0.0.1:1', to }))).toMatchObject({ kind: 'needs-person' });
    },
  );
});
