
      with running as (
        select o.id, o.lease_epoch, t.heartbeat_timeout from unnest($1::uuid[], $3::int[]) as held(id, lease_epoch)
          join everbeat.operations o on o.id = held.id join everbeat.tasks t on t.id = o.task_id
        where o.lease_epoch = held.lease_epoch and o.status = 'running'
      ), free as (
        select o.id from everbeat.operations o where o.id in (select id from running) and o.status = 'running'
        for no key update of o skip locked
      ), renewed as (
        update everbeat.operations o set heartbeat_at = $2::timestamptz,
          lease_expires_at = least(
            greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout)),
            $2::timestamptz + make_interval(secs => greatest(t.heartbeat_timeout, 7200)))
        from free join running t on t.id = free.id
        where o.id = free.id
      )
      select id, lease_epoch as "leaseEpoch" from running