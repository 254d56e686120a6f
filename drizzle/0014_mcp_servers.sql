CREATE TABLE "everbeat"."mcp_servers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"transport" text NOT NULL,
	"url" text,
	"command" text,
	"headers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"accepted" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"offered" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"verdict" text,
	"problem" text,
	"checked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mcp_servers_transport_check" CHECK ("everbeat"."mcp_servers"."transport" in ('http', 'stdio')),
	CONSTRAINT "mcp_servers_verdict_check" CHECK ("everbeat"."mcp_servers"."verdict" in ('ready', 'reauth-required', 'misconfigured', 'forbidden', 'unavailable'))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."mcp_servers" ADD CONSTRAINT "mcp_servers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mcp_servers_name_idx" ON "everbeat"."mcp_servers" USING btree ("user_id","name");