
      update operations set heartbeat_at = $3::timestamptz,
        lease_expires_at = greatest(lease_expires_at, $2::timestamptz)
      where id = $1::uuid and status = 'running'