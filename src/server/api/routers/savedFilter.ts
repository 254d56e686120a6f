import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import { procedure, router } from '../trpc';
import { text } from './inputs';

const name = text(LIMITS.savedFilterNameCharsMax).min(1, 'A saved filter needs a name');

export const savedFilterRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.savedFilters.list(ctx.userId)),
  save: procedure
    .input(z.object({ name, query: text(LIMITS.savedFilterQueryCharsMax) }))
    .mutation(({ ctx, input }) => ctx.container.savedFilters.save(ctx.userId, input)),
  remove: procedure
    .input(z.object({ name }))
    .mutation(({ ctx, input }) => ctx.container.savedFilters.remove(ctx.userId, input.name)),
});
