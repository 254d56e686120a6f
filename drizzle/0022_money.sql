CREATE TABLE "everbeat"."budget_counters" (
	"scope" text NOT NULL,
	"scope_id" text NOT NULL,
	"period" text NOT NULL,
	"period_key" text NOT NULL,
	"user_id" text NOT NULL,
	"reserved_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"spent_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"unforeseen_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"reserved_tokens" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"unforeseen_tokens" bigint DEFAULT 0 NOT NULL,
	"cap_usd" numeric(20, 6),
	"cap_tokens" bigint,
	"warned_at" timestamp (3) with time zone,
	CONSTRAINT "budget_counters_scope_scope_id_period_period_key_pk" PRIMARY KEY("scope","scope_id","period","period_key"),
	CONSTRAINT "budget_counters_scope_check" CHECK ("everbeat"."budget_counters"."scope" in ('task', 'agent', 'owner')),
	CONSTRAINT "budget_counters_period_check" CHECK ("everbeat"."budget_counters"."period" in ('day', 'month', 'total')),
	CONSTRAINT "budget_counters_reserved_check" CHECK ("everbeat"."budget_counters"."reserved_usd" >= 0 and "everbeat"."budget_counters"."reserved_tokens" >= 0)
);
--> statement-breakpoint
CREATE TABLE "everbeat"."spend_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"operation_id" uuid NOT NULL,
	"step_index" integer,
	"task_id" uuid NOT NULL,
	"agent_id" uuid,
	"user_id" text NOT NULL,
	"occurrence" uuid NOT NULL,
	"model" text,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"scopes" jsonb NOT NULL,
	"is_priced" boolean NOT NULL,
	"worst_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"worst_tokens" bigint DEFAULT 0 NOT NULL,
	"reserved_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"spent_usd" numeric(20, 6) DEFAULT '0' NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"is_assumed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "spend_entries_state_check" CHECK ("everbeat"."spend_entries"."state" in ('reserved', 'spent', 'released'))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."operations" DROP CONSTRAINT "operations_status_check";--> statement-breakpoint
ALTER TABLE "everbeat"."topics" DROP CONSTRAINT "topics_status_check";--> statement-breakpoint
ALTER TABLE "everbeat"."users" ADD COLUMN "budget" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."users" ADD COLUMN "task_budget" jsonb;--> statement-breakpoint
ALTER TABLE "everbeat"."users" ADD COLUMN "timezone" text;--> statement-breakpoint
ALTER TABLE "everbeat"."budget_counters" ADD CONSTRAINT "budget_counters_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."spend_entries" ADD CONSTRAINT "spend_entries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "budget_counters_user_idx" ON "everbeat"."budget_counters" USING btree ("user_id","scope","period","period_key");--> statement-breakpoint
CREATE INDEX "spend_entries_operation_idx" ON "everbeat"."spend_entries" USING btree ("operation_id","step_index");--> statement-breakpoint
CREATE INDEX "spend_entries_occurrence_idx" ON "everbeat"."spend_entries" USING btree ("occurrence");--> statement-breakpoint
CREATE INDEX "spend_entries_task_idx" ON "everbeat"."spend_entries" USING btree ("task_id","created_at");--> statement-breakpoint
CREATE INDEX "spend_entries_user_idx" ON "everbeat"."spend_entries" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "spend_entries_reserved_idx" ON "everbeat"."spend_entries" USING btree ("created_at") WHERE state = 'reserved';--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_status_check" CHECK ("everbeat"."operations"."status" in ('running', 'waiting', 'done', 'error', 'interrupted', 'timeout', 'budget'));--> statement-breakpoint
ALTER TABLE "everbeat"."topics" ADD CONSTRAINT "topics_status_check" CHECK ("everbeat"."topics"."status" in ('running', 'waiting', 'done', 'error', 'interrupted', 'timeout', 'budget'));