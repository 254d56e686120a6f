import { firstRow, type Queryable } from '../sql/queryable';

/** The bytes (JPEG) of a picture of one of the user's tasks. Null: there is none, or none any more. */
export async function readPicture(db: Queryable, userId: string, pictureId: string): Promise<Buffer | null> {
  const row = await firstRow<{ picture: Buffer }>(db, {
    name: 'everbeat_read_picture',
    text: `select p.picture from everbeat.task_pictures p join everbeat.tasks t on t.id = p.task_id
      where p.id = $2::uuid and p.user_id = $1 and t.deleted_at is null`,
    values: [userId, pictureId],
  });
  return row?.picture ?? null;
}
