import type { Handler } from 'hono';
import { z } from 'zod';
import type { Container } from '../container/container';

/** They never change. */
const CACHE = 'private, max-age=31536000, immutable';

/**
 * `GET /api/pictures/:id`: a picture of a watched page, to its owner. The bytes come from our own browser,
 * but show what a stranger has made: they are served as an image and as nothing else.
 */
export const servePicture =
  (container: () => Promise<Pick<Container, 'reads'>>, userId: string): Handler =>
  async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'));
    const picture = id.success ? await (await container()).reads.picture(userId, id.data) : null;
    if (picture === null) return c.json({ error: 'there is no such picture' }, 404);
    return c.body(new Uint8Array(picture), 200, {
      'content-type': 'image/jpeg',
      'content-disposition': 'inline; filename="page.jpg"',
      'cache-control': CACHE,
    });
  };
