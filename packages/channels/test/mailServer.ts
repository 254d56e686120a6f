import { once } from 'node:events';
import { unknownCertificate } from '@everbeat/testkit';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface MailServer {
  port: number;
  readonly mails: readonly ParsedMail[];
  /** The users who have logged in, and whether the connection was encrypted by then. */
  readonly logins: readonly { user: string; secure: boolean }[];
  close(): Promise<void>;
}

/** A real SMTP server. `user`: it asks for a login with this name and the password `mail-secret`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const logins: { user: string; secure: boolean }[] = [];
  const server = new SMTPServer({
    ...unknownCertificate,
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, session, done) {
      if (auth.password !== 'mail-secret') return done(new Error('Invalid username or password'));
      logins.push({ user: auth.username ?? '', secure: session.secure });
      done(null, { user: auth.username });
    },
    async onData(stream, _session, done) {
      mails.push(await simpleParser(stream));
      done();
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    mails,
    logins,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
