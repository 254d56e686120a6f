CREATE TABLE "everbeat"."model_providers" (
	"user_id" text NOT NULL,
	"provider" text NOT NULL,
	"api_key" text,
	"base_url" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_providers_user_id_provider_pk" PRIMARY KEY("user_id","provider"),
	CONSTRAINT "model_providers_provider_check" CHECK ("everbeat"."model_providers"."provider" in ('openai', 'anthropic', 'google', 'openrouter', 'ollama', 'openai-compatible'))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."users" ADD COLUMN "default_model" text;--> statement-breakpoint
ALTER TABLE "everbeat"."model_providers" ADD CONSTRAINT "model_providers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;