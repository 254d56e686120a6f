-- Options were stored as keys alone; each gets the label that the pages gave it. The keys keep their meaning.
UPDATE "everbeat"."briefs" SET "actions" = (
  SELECT jsonb_agg(CASE WHEN jsonb_typeof(a) = 'string' THEN jsonb_build_object('key', a, 'label',
      CASE a #>> '{}' WHEN 'approve' THEN 'Approve' WHEN 'feedback' THEN 'Give feedback' WHEN 'retry' THEN 'Retry now' WHEN 'acknowledge' THEN 'Acknowledge' WHEN 'dismiss' THEN 'Dismiss' ELSE a #>> '{}' END)
    ELSE a END ORDER BY position)
  FROM jsonb_array_elements("actions") WITH ORDINALITY AS e(a, position))
WHERE jsonb_typeof("actions") = 'array' AND jsonb_typeof("actions" -> 0) = 'string';
