-- release.lua: takes a send from whoever held it past the lease.
--
-- KEYS[1]: the send's hash. KEYS[2]: the due set of its kind. KEYS[3]: the set of sends in flight.
-- ARGV: 1 sid, 2 kind, 3 now, 4 when to look into it if it may have been posted, both ms, 5 how far clocks may differ, ms.
-- claimed becomes pending, due as it was: what is in doubt is told by that. Its holder cannot begin to post any more, whatever its clock says: the token
-- has gone. posting becomes unknown, for the post may have happened, but only after as much more as clocks may differ: the lease is an instant of its
-- holder's clock, and the post may still be on its way. unknown stays so and is due now.
-- Returns 1 if the lease had run out, else 0.

local flight = ARGV[2] .. ' ' .. ARGV[1]
local state, lease, due = unpack(redis.call('HMGET', KEYS[1], 'state', 'lease', 'due'))
if not lease then
  redis.call('ZREM', KEYS[3], flight)
  return 0
end
local ends = tonumber(lease)
if state == 'posting' then
  ends = ends + tonumber(ARGV[5])
end
if ends > tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[3], string.format('%.0f', ends), flight) -- nobody has to ask again before
  return 0
end
local at = ARGV[3]
if state == 'posting' then
  at = ARGV[4]
  redis.call('HSET', KEYS[1], 'state', 'unknown')
elseif state == 'claimed' then
  at = due
  redis.call('HSET', KEYS[1], 'state', 'pending')
end
redis.call('HDEL', KEYS[1], 'token', 'lease')
redis.call('HSET', KEYS[1], 'due', at)
redis.call('ZREM', KEYS[3], flight)
redis.call('ZADD', KEYS[2], at, ARGV[1])
return 1
