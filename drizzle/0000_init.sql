CREATE TABLE "briefs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"topic_id" uuid,
	"user_id" text NOT NULL,
	"type" text NOT NULL,
	"priority" text NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"actions" jsonb NOT NULL,
	"purpose" text,
	"occurrences" integer DEFAULT 1 NOT NULL,
	"read_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"resolved_action" text,
	"resolved_comment" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "briefs_type_check" CHECK ("briefs"."type" in ('decision', 'result', 'insight', 'error')),
	CONSTRAINT "briefs_priority_check" CHECK ("briefs"."priority" in ('urgent', 'normal', 'info'))
);
--> statement-breakpoint
CREATE TABLE "system_state" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_activities" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "task_activities_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_status" text,
	"to_status" text,
	"reason" text,
	"ref_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "task_activities_feed" PRIMARY KEY("tx","id"),
	CONSTRAINT "task_activities_kind_check" CHECK ("task_activities"."kind" in ('status', 'edit', 'brief', 'comment', 'transcript', 'arm', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agents_kind_check" CHECK ("agents"."kind" in ('watch', 'http', 'model', 'command'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"task_counter" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"topic_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"operation_id" uuid,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_role_check" CHECK ("messages"."role" in ('user', 'assistant', 'tool'))
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"topic_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"trigger" text NOT NULL,
	"status" text NOT NULL,
	"tick_token" uuid,
	"claimed_from" text NOT NULL,
	"extra_prompt" text,
	"callback_hash" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"executed_at" timestamp (3) with time zone,
	"heartbeat_at" timestamp (3) with time zone NOT NULL,
	"lease_expires_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error_code" text,
	"error_message" text,
	"usage" jsonb,
	CONSTRAINT "operations_status_check" CHECK ("operations"."status" in ('running', 'done', 'error', 'interrupted', 'timeout')),
	CONSTRAINT "operations_trigger_check" CHECK ("operations"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency')),
	CONSTRAINT "operations_finished_check" CHECK (("operations"."status" = 'running') = ("operations"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "task_ticks" (
	"token" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"trigger" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"armed_at" timestamp (3) with time zone NOT NULL,
	"publications" integer DEFAULT 1 NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"message_id" text,
	"outcome" text,
	"reason" text,
	"operation_id" uuid,
	"late_ms" bigint,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "task_ticks_outcome_check" CHECK ("task_ticks"."outcome" in ('fired', 'skipped', 'superseded')),
	CONSTRAINT "task_ticks_ended_check" CHECK (("task_ticks"."outcome" is null) = ("task_ticks"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "topics" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"number" integer NOT NULL,
	"trigger" text NOT NULL,
	"title" text,
	"status" text NOT NULL,
	"handoff" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "topics_status_check" CHECK ("topics"."status" in ('running', 'done', 'error', 'interrupted', 'timeout')),
	CONSTRAINT "topics_trigger_check" CHECK ("topics"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency'))
);
--> statement-breakpoint
CREATE TABLE "task_comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"author" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_dependencies" (
	"task_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_dependencies_task_id_depends_on_id_pk" PRIMARY KEY("task_id","depends_on_id"),
	CONSTRAINT "task_dependencies_not_self_check" CHECK ("task_dependencies"."task_id" <> "task_dependencies"."depends_on_id")
);
--> statement-breakpoint
CREATE TABLE "task_memories" (
	"task_id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"memory" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"number" integer NOT NULL,
	"identifier" text NOT NULL,
	"name" text NOT NULL,
	"instruction" text NOT NULL,
	"agent_id" uuid,
	"parent_task_id" uuid,
	"status" text DEFAULT 'backlog' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"automation_mode" text,
	"heartbeat_interval" integer,
	"heartbeat_timeout" integer DEFAULT 120 NOT NULL,
	"schedule_pattern" text,
	"schedule_timezone" text,
	"error" text,
	"total_topics" integer DEFAULT 0 NOT NULL,
	"max_topics" integer,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"context" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	CONSTRAINT "tasks_user_number_unique" UNIQUE("user_id","number"),
	CONSTRAINT "tasks_status_check" CHECK ("tasks"."status" in ('backlog', 'scheduled', 'running', 'paused', 'completed', 'failed', 'canceled')),
	CONSTRAINT "tasks_automation_mode_check" CHECK ("tasks"."automation_mode" in ('heartbeat', 'schedule')),
	CONSTRAINT "tasks_total_topics_check" CHECK ("tasks"."total_topics" >= 0)
);
--> statement-breakpoint
ALTER TABLE "briefs" ADD CONSTRAINT "briefs_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "briefs" ADD CONSTRAINT "briefs_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_ticks" ADD CONSTRAINT "task_ticks_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "topics" ADD CONSTRAINT "topics_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_comments" ADD CONSTRAINT "task_comments_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_depends_on_id_tasks_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_memories" ADD CONSTRAINT "task_memories_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_parent_task_id_tasks_id_fk" FOREIGN KEY ("parent_task_id") REFERENCES "public"."tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "briefs_user_idx" ON "briefs" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "briefs_user_open_idx" ON "briefs" USING btree ("user_id","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "briefs_task_idx" ON "briefs" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "briefs_blocking_idx" ON "briefs" USING btree ("task_id") WHERE resolved_at is null and priority = 'urgent' and type <> 'error';--> statement-breakpoint
CREATE UNIQUE INDEX "briefs_one_open_per_purpose" ON "briefs" USING btree ("task_id","purpose") WHERE resolved_at is null and purpose is not null;--> statement-breakpoint
CREATE INDEX "task_activities_task_idx" ON "task_activities" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "agents_user_idx" ON "agents" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "messages_topic_idx" ON "messages" USING btree ("topic_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_running_per_task" ON "operations" USING btree ("task_id") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "operations_lease_idx" ON "operations" USING btree ("lease_expires_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "operations_task_idx" ON "operations" USING btree ("task_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_tick_token_unique" ON "operations" USING btree ("tick_token");--> statement-breakpoint
CREATE INDEX "task_ticks_task_idx" ON "task_ticks" USING btree ("task_id","armed_at");--> statement-breakpoint
CREATE INDEX "topics_task_idx" ON "topics" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "task_comments_task_idx" ON "task_comments" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "task_dependencies_depends_on_idx" ON "task_dependencies" USING btree ("depends_on_id");--> statement-breakpoint
CREATE INDEX "tasks_user_status_idx" ON "tasks" USING btree ("user_id","status","number");--> statement-breakpoint
CREATE INDEX "tasks_parent_idx" ON "tasks" USING btree ("parent_task_id","number") WHERE parent_task_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_agent_idx" ON "tasks" USING btree ("agent_id") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_armed_idx" ON "tasks" USING btree ((context -> 'scheduler' ->> 'dueAt'),(context -> 'scheduler' ->> 'tickToken')) WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null;--> statement-breakpoint
CREATE INDEX "tasks_unpublished_idx" ON "tasks" USING btree ((context -> 'scheduler' ->> 'scheduledAt'),"id") WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null and (context -> 'scheduler' ->> 'tickMessageId') is null;--> statement-breakpoint
CREATE INDEX "tasks_unarmed_idx" ON "tasks" USING btree ("id") WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is null;