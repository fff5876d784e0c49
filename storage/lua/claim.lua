-- claim.lua: takes a due send to work on.
--
-- KEYS[1]: the send's hash. KEYS[2]: the due set of its kind. KEYS[3]: the set of sends in flight.
-- ARGV: 1 sid, 2 kind, 3 token of who claims, 4 now, 5 end of the lease, both ms.
-- A pending send becomes claimed; an unknown one stays unknown, but is looked into by the claimer alone. One that was put before an operator
-- is not to be had.
-- Returns the send's fields and values in turn, none if it is not to be had. The same token claims again and gets the same.

local state, due, token, settled = unpack(redis.call('HMGET', KEYS[1], 'state', 'due', 'token', 'settled'))
if token then
  if token == ARGV[3] and state ~= 'posting' then
    return redis.call('HGETALL', KEYS[1])
  end
  return {}
end
if settled or state ~= 'pending' and state ~= 'unknown' or tonumber(due) > tonumber(ARGV[4]) then
  return {}
end
if state == 'pending' then
  redis.call('HSET', KEYS[1], 'state', 'claimed')
end
redis.call('HSET', KEYS[1], 'token', ARGV[3], 'lease', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'attempt', 1)
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2] .. ' ' .. ARGV[1])
return redis.call('HGETALL', KEYS[1])
