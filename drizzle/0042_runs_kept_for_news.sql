-- Runs whose brief was never resolved stayed for good, because the history counted as thinned up to a later run.
-- Every history that was thinned is looked at once more, from its beginning.
UPDATE "everbeat"."tasks" SET "thinned_to" = '00000000-0000-0000-0000-000000000000',
  "thin_at_topics" = least("thin_at_topics", "total_topics")
WHERE "thinned_to" IS NOT NULL AND "deleted_at" IS NULL;
