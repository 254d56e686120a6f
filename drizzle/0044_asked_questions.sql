ALTER TABLE "everbeat"."answer_links" ADD COLUMN "question_hash" text;--> statement-breakpoint
-- What a brief asks, as one text that is another one once it asks something else. A brief that waits for the person asks
-- all that it shows; what only tells something is the same news for as long as its title is.
-- Replaced where a restore has removed the tables alone.
CREATE OR REPLACE FUNCTION "everbeat"."question_hash"(type text, priority text, purpose text, title text, summary text, actions jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  select encode(sha256(convert_to(
    case when everbeat.news_kind(type, priority, purpose) = 'needs-me' then jsonb_build_array(title, summary, (
      select jsonb_agg(jsonb_build_array(a.value -> 'key', a.value -> 'label') order by a.ordinality)
      from jsonb_array_elements(actions) with ordinality a
    )) else jsonb_build_array(title) end::text, 'UTF8')), 'hex')
$$;--> statement-breakpoint
DROP TRIGGER "briefs_told_again" ON "everbeat"."briefs";--> statement-breakpoint
-- The options of a message that told the question before do not answer this one, so that it is told with new ones.
CREATE TRIGGER "briefs_told_again" AFTER UPDATE OF "occurrences", "priority" ON "everbeat"."briefs" FOR EACH ROW
WHEN (new.resolved_at is null and (
  (new.priority = 'urgent' and old.priority <> 'urgent')
  or (new.occurrences > old.occurrences and (
    everbeat.news_kind(new.type, new.priority, new.purpose) = 'change'
    or everbeat.question_hash(new.type, new.priority, new.purpose, new.title, new.summary, new.actions)
      <> everbeat.question_hash(old.type, old.priority, old.purpose, old.title, old.summary, old.actions)))))
EXECUTE FUNCTION "everbeat"."tell_channels"();
