ALTER TABLE "everbeat"."briefs" ADD COLUMN "agent_id" uuid;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "check_verdict" text;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "check_problem" text;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "check_cure" text;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "check_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "checked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD COLUMN "check_due_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD CONSTRAINT "briefs_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "everbeat"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "briefs_one_open_per_agent" ON "everbeat"."briefs" USING btree ("agent_id") WHERE resolved_at is null and agent_id is not null;--> statement-breakpoint
CREATE INDEX "briefs_agent_idx" ON "everbeat"."briefs" USING btree ("agent_id","created_at") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "agents_check_due_idx" ON "everbeat"."agents" USING btree ("check_due_at");--> statement-breakpoint
CREATE INDEX "agents_not_ready_idx" ON "everbeat"."agents" USING btree ("user_id","id") WHERE check_verdict <> 'ready';--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD CONSTRAINT "agents_check_verdict_check" CHECK ("everbeat"."agents"."check_verdict" in ('ready', 'reauth-required', 'misconfigured', 'forbidden', 'unavailable'));