-- posting.lua: the last step before a message is posted: from here on it may have its effect.
--
-- KEYS[1]: the send's hash.
-- ARGV: 1 token of the claim, 2 now, 3 how long before the lease's end posting is too late, both ms.
-- Returns 1 if the claim holds and there is time enough, else 0.

local state, token, lease = unpack(redis.call('HMGET', KEYS[1], 'state', 'token', 'lease'))
if token ~= ARGV[1] then
  return 0
end
if state == 'posting' then
  return 1
end
if state ~= 'claimed' or tonumber(ARGV[2]) >= tonumber(lease) - tonumber(ARGV[3]) then
  return 0
end
-- Whoever looks for the message later looks around this instant.
redis.call('HSET', KEYS[1], 'state', 'posting', 'tried_at', ARGV[2])
return 1
