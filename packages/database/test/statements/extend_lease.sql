
      update everbeat.operations o set heartbeat_at = $3::timestamptz,
        lease_expires_at = greatest(o.lease_expires_at, $2::timestamptz)
      from (select set_config('lock_timeout', '500ms', true)) lock_wait
      where o.id = $1::uuid and o.status = 'running'